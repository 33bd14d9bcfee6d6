namespace Ranking.Cli.Tests;

/// <summary>Runs the command in this process, in a folder of its own.</summary>
internal static class CommandLine
{
    /// <summary>The end of every simulated history: hour and day are features, so that a history up to now is another one each time.</summary>
    public const string HistoryEnd = "2026-01-01T00:00:00Z";

    /// <summary>Runs a command line and gives exit code, standard output and standard error.</summary>
    public static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RankingCommand.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
