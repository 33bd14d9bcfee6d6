namespace Ranking.Trainer;

internal static class Program
{
    private static Task<int> Main(string[] args) => TrainerProgram.RunAsync(args);
}
