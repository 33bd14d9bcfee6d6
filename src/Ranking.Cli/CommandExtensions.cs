using System.CommandLine;
using Grpc.Core;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Evaluation;
using Ranking.Files;
using Ranking.Models;

namespace Ranking.Cli;

/// <summary>How every command runs: its faults become one clear message and an exit code.</summary>
internal static class CommandExtensions
{
    /// <summary>Sets what the command does.</summary>
    public static Command Runs(this Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await run(parsed, cancellation);
            }
            catch (Exception e) when (CodeOf(e, cancellation) is { } code)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(code == ExitCode.Cancelled ? "stopped." : MessageOf(e));
                return code;
            }
        });
        return command;
    }

    // Anything else is a bug, and ends with its stack trace.
    private static int? CodeOf(Exception e, CancellationToken cancellation) => e switch
    {
        OperationCanceledException when cancellation.IsCancellationRequested => ExitCode.Cancelled,
        ConfigurationException or TableException or EvaluationException or ArgumentException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException => ExitCode.Wrong,
        RpcException { StatusCode: StatusCode.InvalidArgument or StatusCode.NotFound } => ExitCode.Wrong,
        RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded } => ExitCode.Unreachable,
        RpcException => ExitCode.Failed,
        ArtifactException => ExitCode.Failed,
        FeatureStoreException or TimeoutException or ServiceUnreachableException => ExitCode.Unreachable,
        InvalidOperationException or LogPositionException or UnauthorizedAccessException or IOException => ExitCode.Failed,
        _ => null,
    };

    private static string MessageOf(Exception e) => e switch
    {
        RpcException call => $"the server answered {call.StatusCode}: {call.Status.Detail}",
        // The name of a parameter says nothing to whoever typed the command.
        ArgumentException { ParamName: { } name } => e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        _ => e.Message,
    };
}
