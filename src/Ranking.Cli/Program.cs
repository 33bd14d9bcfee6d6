namespace Ranking.Cli;

internal static class Program
{
    private static Task<int> Main(string[] args) => RankingCommand.RunAsync(args, Console.Out, Console.Error);
}
