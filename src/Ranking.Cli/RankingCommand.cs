using System.CommandLine;
using System.CommandLine.Help;

namespace Ranking.Cli;

/// <summary>The root command.</summary>
internal static class RankingCommand
{
    private const string Description = """
        Trains, evaluates and serves models that rank.

        Connections come from environment variables, such as Ranking__Redis__Endpoints__0=host:6379,
        Ranking__Redis__Password, Ranking__Kafka__BootstrapServers=host:9092, Ranking__Kafka__Security=SaslSsl,
        Ranking__Kafka__User and Ranking__Kafka__Password; --redis and --kafka take precedence.

        Exit codes: 0 done; 1 a step failed or something was refused; 2 wrong usage, configuration or data;
        3 Redis, Kafka or a server cannot be reached; 4 a version that was compared is worse; 130 stopped by a signal
        before it was done.

        Examples:
          ranking standalone --seconds 120
          ranking init && ranking simulate && ranking validate --data
          ranking train && ranking evaluate && ranking serve
        """;

    /// <summary>The command with all its subcommands.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand(Description)
        {
            InitCommand.Create(),
            ValidateCommand.Create(),
            SimulateCommand.Create(),
            FeaturesCommand.Create(),
            TopicsCommand.Create(),
            EventsCommand.Create(),
            EventCommand.Create(),
            ModelCommand.Create(),
            RankCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            ExportCommand.Create(),
            ServeCommand.Create(),
            StandaloneCommand.Create(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ShortHelp((HelpAction)help.Action!);
        return root;
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where faults go.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.CommandResult.Command.Subcommands.Count == 0)
        {
            await error.WriteLineAsync(UsageFaults.Describe(parsed));
            return ExitCode.Wrong;
        }

        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // A checkpoint or a drain takes as long as it takes; whoever will not wait sends SIGKILL.
            ProcessTerminationTimeout = Timeout.InfiniteTimeSpan,
        });
        return parsed.Errors.Count > 0 ? ExitCode.Wrong : code;
    }
}
