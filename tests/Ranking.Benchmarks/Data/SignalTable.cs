using Ranking.Evaluation;

namespace Ranking.Benchmarks;

/// <summary>
/// A job with a memory of what happened: trained once for each seed, and judged in regimes, of which the frozen one stops
/// that memory with the weights and the others let it go on.
/// </summary>
internal static class SignalTable
{
    private const string Frozen = "frozen";

    /// <param name="sample">The file in the samples, or the path of another.</param>
    /// <param name="regimes">What each judging is called in figures; <c>frozen</c> is the frozen one.</param>
    /// <param name="name">What the job is called in them.</param>
    /// <param name="seeds">How many seeds.</param>
    /// <param name="figures">Takes the means over the seeds.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task RunAsync(
        string sample, string[] regimes, string name, int seeds, Figures figures, CancellationToken cancellation)
    {
        var job = await TableJob.OpenAsync(sample, [.. regimes.Select(regime => regime == Frozen)], cancellation);
        List<EvaluationReport>[] reports = [.. regimes.Select(_ => new List<EvaluationReport>())];
        for (var seed = 1; seed <= seeds; seed++)
        {
            var model = job.Model with { Training = job.Model.Training with { Seed = (ulong)seed } };
            var judged = await job.RunAsync(model, [], cancellation);
            foreach (var (i, report) in judged.Index())
            {
                Tell($"{regimes[i]}.{name} seed {seed}", report);
                reports[i].Add(report);
            }
        }

        foreach (var (runs, regime) in reports.Zip(regimes))
        {
            ArchitectureTable.AddMeans(runs, $"{regime}.{name}", figures);
        }
    }

    /// <summary>Prints the AUC of a run.</summary>
    public static void Tell(string run, EvaluationReport report) =>
        Console.Error.WriteLine($"  {run}: {string.Join("  ", report.Models[0].Outputs.Select(output => $"{output.Output} {output.Auc:F4}"))}");

    /// <summary>What a sample is called in figures.</summary>
    public static string NameOf(string sample) => Path.GetFileNameWithoutExtension(sample).Replace("kuairand-", "", StringComparison.Ordinal);
}
