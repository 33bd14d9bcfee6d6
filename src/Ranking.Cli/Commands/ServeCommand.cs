using System.CommandLine;
using Ranking.Configuration;
using Ranking.Server;

namespace Ranking.Cli;

/// <summary><c>ranking serve</c>.</summary>
internal static class ServeCommand
{
    private const string Description = """
        Serves the job's model over gRPC and HTTP, follows the model store, and drains on SIGTERM. With Kafka, served
        requests are logged.

        Examples:
          ranking serve
          ranking serve --redis localhost:6379 --kafka localhost:9092 --grpc-port 5001 --http-port 5000
        """;

    public static Command Create()
    {
        var job = SharedOptions.Job();
        var redis = SharedOptions.Redis();
        var kafka = SharedOptions.Kafka();
        var grpcPort = new Option<int>("--grpc-port") { Description = "The port of gRPC.", DefaultValueFactory = _ => 5001 }.Within(1, 65_535);
        var httpPort = new Option<int>("--http-port") { Description = "The port of JSON, health and metrics.", DefaultValueFactory = _ => 5000 }.Within(1, 65_535);
        return new Command("serve", Description) { job, redis, kafka, grpcPort, httpPort }.Runs((parsed, _) =>
        {
            var spec = JobFile.Load(parsed.GetRequiredValue(job));
            List<string> settings =
            [
                $"--Kestrel:Endpoints:Grpc:Url=http://0.0.0.0:{parsed.GetValue(grpcPort)}",
                $"--Kestrel:Endpoints:Http:Url=http://0.0.0.0:{parsed.GetValue(httpPort)}",
                $"--Ranking:ModelStore={spec.Store.Path}",
                $"--Ranking:Models:0={spec.Model.Name}",
                $"--Ranking:Redis:Namespace={spec.Namespace}",
                .. (parsed.GetValue(redis)?.Split(',') ?? []).Select((server, i) => $"--Ranking:Redis:Endpoints:{i}={server}"),
            ];
            if ((parsed.GetValue(kafka) ?? Environment.GetEnvironmentVariable("Ranking__Kafka__BootstrapServers")) is { } brokers)
            {
                settings.Add($"--Ranking:Kafka:BootstrapServers={brokers}");
                settings.Add($"--Ranking:Kafka:Namespace={spec.Topics.Namespace}");
            }

            return ServerHost.RunAsync([.. settings]);
        });
    }
}
