namespace Ranking.Evaluation;

internal static class Program
{
    private static void Main() => Console.WriteLine(typeof(Program).Assembly.GetName());
}
