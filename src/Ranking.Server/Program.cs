namespace Ranking.Server;

internal static class Program
{
    private static Task<int> Main(string[] args) => ServerHost.RunAsync(args);
}
