using System.CommandLine;
using Ranking.Configuration;
using Ranking.Streaming;

namespace Ranking.Cli;

/// <summary><c>ranking topics</c>.</summary>
internal static class TopicsCommand
{
    private const string Description = """
        Creates the job's topics that are not there, and shows all of them.

        Examples:
          ranking topics create --kafka localhost:9092
          ranking topics create --replication 3 --output json
        """;

    public static Command Create() => new("topics", "The topics of the log in Kafka.") { CreateTopics() };

    private static Command CreateTopics()
    {
        var job = SharedOptions.Job();
        var kafka = SharedOptions.Kafka();
        var replication = new Option<short>("--replication") { Description = "Copies of each partition; the cluster's default where not given.", DefaultValueFactory = _ => -1 };
        var output = SharedOptions.Output();
        return new Command("create", Description) { job, kafka, replication, output }.Runs(async (parsed, _) =>
        {
            var spec = JobFile.Load(parsed.GetRequiredValue(job));
            using var topics = new KafkaTopics(SharedOptions.KafkaSettings(spec, parsed.GetValue(kafka)));
            var states = await topics.CreateAsync(new TopicOptions
            {
                Partitions = spec.Topics.Partitions,
                Retention = spec.Topics.Retention,
                Replication = parsed.GetValue(replication),
            });
            Results.Write(
                parsed, parsed.GetValue(output), states,
                ("topic", state => state.Name), ("partitions", state => $"{state.Partitions}"), ("", state => state.WasCreated ? "created" : "was there"));
            return ExitCode.Ok;
        });
    }
}
