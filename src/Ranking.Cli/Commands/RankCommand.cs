using System.CommandLine;
using Grpc.Core;
using Grpc.Net.Client;
using Ranking.Contracts.V1;
using ServiceUnreachableException = Ranking.Core.ServiceUnreachableException;

namespace Ranking.Cli;

/// <summary><c>ranking rank</c>.</summary>
internal static class RankCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private const string Description = """
        Asks a server to rank candidates for a user, and shows the answer. The request is not logged: no model learns from it.

        Examples:
          ranking rank --user u42 --items i1,i2,i3
          ranking rank --user u42 --items i1,i2,i3 --feature tab=home --objective clicks --output json
        """;

    public static Command Create()
    {
        var server = SharedOptions.Server();
        var user = new Option<string>("--user") { Description = "The user's id.", Required = true };
        var items = new Option<string>("--items") { Description = "The candidates' ids, separated by commas.", Required = true };
        var features = new Option<string[]>("--feature") { Description = "A feature of the request, NAME=VALUE; several times for several.", DefaultValueFactory = _ => [] };
        var model = new Option<string?>("--model") { Description = "The model; the server's default where not given." };
        var version = new Option<string?>("--model-version") { Description = "The version; the served one where not given." };
        var objective = new Option<string?>("--objective") { Description = "The objective; the model's first where not given." };
        var output = SharedOptions.Output();
        return new Command("rank", Description) { server, user, items, features, model, version, objective, output }.Runs(async (parsed, cancellation) =>
        {
            var request = new RankRequest
            {
                UserId = parsed.GetRequiredValue(user),
                ItemIds = { parsed.GetRequiredValue(items).Split(',') },
                Features = { parsed.GetRequiredValue(features).Select(ToColumn) },
                Options = new RequestOptions { Log = false },
            };
            SetOptions(request.Options, parsed.GetValue(model), parsed.GetValue(version), parsed.GetValue(objective));
            Write(parsed, parsed.GetValue(output), await AskAsync(parsed.GetRequiredValue(server), request, cancellation));
            return ExitCode.Ok;
        });
    }

    private static async Task<RankResponse> AskAsync(string server, RankRequest request, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"--server is '{server}': write http://HOST:PORT.");
        }

        using var channel = GrpcChannel.ForAddress(address);
        try
        {
            return await new RankingService.RankingServiceClient(channel)
                .RankAsync(request, deadline: DateTime.UtcNow + Deadline, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            throw new ServiceUnreachableException($"{server} does not answer ({e.Status.Detail}): start a server with 'ranking serve', or name one with --server.", e);
        }
    }

    private static void SetOptions(RequestOptions options, string? model, string? version, string? objective)
    {
        if (model is not null)
        {
            options.Model = model;
        }

        if (version is not null)
        {
            options.Version = version;
        }

        if (objective is not null)
        {
            options.Objective = objective;
        }
    }

    private static FeatureColumn ToColumn(string text) => text.Split('=', 2) is [{ Length: > 0 } name, var value]
        ? new FeatureColumn { Name = name, Texts = new TextValues { Values = { value } } }
        : throw new ArgumentException($"--feature is '{text}': write NAME=VALUE.");

    private static void Write(ParseResult parsed, OutputFormat format, RankResponse response)
    {
        if (format == OutputFormat.Json)
        {
            parsed.InvocationConfiguration.Output.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(response));
            return;
        }

        parsed.InvocationConfiguration.Output.WriteLine($"{response.Model} {response.Version}, objective {response.Objective}");
        (string, Func<int, string>)[] tasks = [.. response.Tasks.Select(task => (task.Task, new Func<int, string>(row => $"{task.Values[row]:F5}")))];
        Results.Write(
            parsed, format, [.. Enumerable.Range(0, response.ItemIds.Count)],
            [
                ("item", row => response.ItemIds[row]), ("score", row => $"{response.Scores[row]:F5}"), .. tasks,
                ("flags", row => response.ItemFlags.Count == 0 ? "" : FlagsOf(response.ItemFlags[row])),
            ]);
    }

    private static string FlagsOf(uint bits) =>
        string.Join(' ', Enum.GetValues<ItemFlag>().Where(flag => flag != 0 && (bits & (uint)flag) != 0));
}
