using System.CommandLine;
using Ranking.Configuration;
using Ranking.Events;

namespace Ranking.Cli;

/// <summary><c>ranking event</c>.</summary>
internal static class EventCommand
{
    private const string Description = """
        Reads the log once more and tells why an impression, click or conversion was or was not joined.

        Examples:
          ranking event explain --request r17 --item i4
          ranking event explain --request r17 --item i4 --name click --kafka localhost:9092
          ranking event explain --request h12 --item i7 --name conversion --log data/log --output json
        """;

    public static Command Create() => new("event", "One event of the log.") { Explain() };

    private static Command Explain()
    {
        var request = new Option<string>("--request") { Description = "The request's id.", Required = true };
        var item = new Option<string>("--item") { Description = "The item's id.", Required = true };
        var name = new Option<string?>("--name") { Description = "The outcome's name, such as click; the impression itself where not given." };
        var source = new LogOptions();
        var output = SharedOptions.Output();
        var command = new Command("explain", Description) { request, item, name, output };
        source.AddTo(command);
        return command.Runs(async (parsed, cancellation) =>
        {
            var job = JobFile.Load(parsed.GetRequiredValue(source.Job));
            await using var log = await source.OpenAsync(parsed, job, isBounded: true);
            var explained = await ProgressBar.RunAsync(parsed, "Joining", progress => EventExplainer.ExplainAsync(
                log, job.Model.Tasks, job.Join, parsed.GetRequiredValue(request), parsed.GetRequiredValue(item), parsed.GetValue(name), cancellation, progress));
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Results.WriteJson(parsed, explained);
            }
            else
            {
                Write(parsed, explained);
            }

            return explained.Records.IsEmpty ? ExitCode.Failed : ExitCode.Ok;
        });
    }

    private static void Write(ParseResult parsed, EventExplanation explained)
    {
        if (explained.Records.IsEmpty)
        {
            parsed.InvocationConfiguration.Output.WriteLine("the log has no such event.");
            return;
        }

        Results.Write(
            parsed, OutputFormat.Table, explained.Records,
            ("position", record => record.Position.ToString()), ("event time", record => TimeOf(record.EventTime)),
            ("order time", record => TimeOf(record.OrderTime)), ("what became of it", record => record.Text));
        Results.Write(
            parsed, OutputFormat.Table, explained.Examples,
            ("example", example => $"{example.Sequence}"), ("labels of", example => string.Join(' ', example.Observed)),
            ("positive", example => string.Join(' ', example.Positive)), ("reconstructed", example => example.IsReconstructed ? "yes" : ""));
    }

    private static string TimeOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm:ss.fff");
}
