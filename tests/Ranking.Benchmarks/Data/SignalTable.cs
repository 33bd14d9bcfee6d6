using Ranking.Evaluation;

namespace Ranking.Benchmarks;

/// <summary>A job with statistics: trained once for each seed, judged with statistics that stop with the weights and with ones that go on.</summary>
internal static class SignalTable
{
    private static readonly string[] regimes = ["frozen", "running"];

    public static async Task RunAsync(string sample, int seeds, Figures figures, CancellationToken cancellation)
    {
        var job = await TableJob.OpenAsync(sample, [true, false], cancellation);
        var name = NameOf(sample);
        List<EvaluationReport>[] reports = [[], []];
        for (var seed = 1; seed <= seeds; seed++)
        {
            var model = job.Model with { Training = job.Model.Training with { Seed = (ulong)seed } };
            var judged = await job.RunAsync(model, [], cancellation);
            foreach (var (report, regime) in judged.Zip(regimes))
            {
                Console.Error.WriteLine($"  {regime}.{name} seed {seed}: {string.Join("  ", report.Models[0].Outputs.Select(output => $"{output.Output} {output.Auc:F4}"))}");
                reports[Array.IndexOf(regimes, regime)].Add(report);
            }
        }

        foreach (var (runs, regime) in reports.Zip(regimes))
        {
            ArchitectureTable.AddMeans(runs, $"{regime}.{name}", figures);
        }
    }

    /// <summary>What a sample is called in figures.</summary>
    public static string NameOf(string sample) => Path.GetFileNameWithoutExtension(sample).Replace("kuairand-", "", StringComparison.Ordinal);
}
