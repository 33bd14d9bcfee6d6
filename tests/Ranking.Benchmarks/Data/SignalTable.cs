using Ranking.Evaluation;

namespace Ranking.Benchmarks;

/// <summary>
/// A job with a memory of what happened, in a regime: the frozen one stops that memory with the weights, in others it goes
/// on. Trained and judged once for each seed.
/// </summary>
internal static class SignalTable
{
    private const string Frozen = "frozen";

    /// <param name="sample">The file in the samples, or the path of another.</param>
    /// <param name="regime">What it is called in figures; <c>frozen</c> is the frozen one.</param>
    /// <param name="name">What the job is called in them.</param>
    /// <param name="seeds">How many seeds.</param>
    /// <param name="figures">Takes the means over the seeds.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task RunAsync(
        string sample, string regime, string name, int seeds, Figures figures, CancellationToken cancellation)
    {
        var job = await TableJob.OpenAsync(sample, regime == Frozen, cancellation);
        List<EvaluationReport> reports = [];
        for (var seed = 1; seed <= seeds; seed++)
        {
            var model = job.Model with { Training = job.Model.Training with { Seed = (ulong)seed } };
            reports.Add(await job.RunAsync(model, [], cancellation));
            Tell($"{regime}.{name} seed {seed}", reports[^1]);
        }

        ArchitectureTable.AddMeans(reports, $"{regime}.{name}", figures);
    }

    /// <summary>Prints the AUC of a run.</summary>
    public static void Tell(string run, EvaluationReport report) =>
        Console.Error.WriteLine($"  {run}: {string.Join("  ", report.Models[0].Outputs.Select(output => $"{output.Output} {output.Auc:F4}"))}");

    /// <summary>What a sample is called in figures.</summary>
    public static string NameOf(string sample) => Path.GetFileNameWithoutExtension(sample).Replace("kuairand-", "", StringComparison.Ordinal);
}
