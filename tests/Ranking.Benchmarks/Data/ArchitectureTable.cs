using System.Collections.Immutable;
using Ranking.Evaluation;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>Runs a job with several networks and seeds and adds the means of their test metrics to the figures.</summary>
internal static class ArchitectureTable
{
    private const int Seeds = 3;

    /// <summary>The networks of the project, by the names that figures have.</summary>
    public static IReadOnlyList<(string Name, ArchitectureKind Kind, bool EntireSpace)> All { get; } =
    [
        ("single_task", ArchitectureKind.SingleTask, false),
        ("shared_bottom", ArchitectureKind.SharedBottom, false),
        ("mmoe", ArchitectureKind.Mmoe, false),
        ("esmm_single_task", ArchitectureKind.SingleTask, true),
        ("esmm", ArchitectureKind.SharedBottom, true),
        ("esmm_mmoe", ArchitectureKind.Mmoe, true),
    ];

    public static async Task RunAsync(
        TableJob job, string prefix, IEnumerable<(string Name, ArchitectureKind Kind, bool EntireSpace)> networks,
        ImmutableArray<BaselineKind> baselines, Figures figures, CancellationToken cancellation)
    {
        foreach (var (name, kind, entireSpace) in networks)
        {
            var reports = new List<EvaluationReport>();
            for (var seed = 1; seed <= Seeds; seed++)
            {
                var model = job.Model with
                {
                    Architecture = job.Model.Architecture with { Kind = kind, EntireSpace = entireSpace },
                    Training = job.Model.Training with { Seed = (ulong)seed },
                };
                var report = await job.RunAsync(model, seed == 1 ? baselines : [], cancellation);
                Console.Error.WriteLine($"  {prefix}{name} seed {seed}: {string.Join("  ", report.Models[0].Outputs.Select(output => $"{output.Output} {output.Auc:F4}"))}");
                reports.Add(report);
                AddBaselines(report, prefix, figures);
            }

            AddMeans(reports, $"{prefix}{name}", figures);
            baselines = [];
        }
    }

    internal static void AddMeans(List<EvaluationReport> reports, string name, Figures figures)
    {
        foreach (var (output, index) in reports[0].Models[0].Outputs.Select((output, index) => (output.Output, index)))
        {
            var runs = reports.Select(report => report.Models[0].Outputs[index]).ToArray();
            var mean = runs.Average(run => run.Auc);
            figures.Add($"{name}.{output}_auc", mean);
            if (runs.Length > 1)
            {
                figures.Add($"{name}.{output}_auc_sd", Math.Sqrt(runs.Sum(run => Math.Pow(run.Auc - mean, 2)) / (runs.Length - 1)));
            }

            figures.Add($"{name}.{output}_log_loss", runs.Average(run => run.LogLoss));
            figures.Add($"{name}.{output}_predicted_over_observed", runs.Average(run => run.Calibration.Ratio));
            figures.Add($"{name}.{output}_calibration_error", runs.Average(run => run.Calibration.ExpectedError));
            figures.Add($"{name}.{output}_calibration_error_of_perfect", runs.Average(run => run.Calibration.PerfectBand));
        }
    }

    private static void AddBaselines(EvaluationReport report, string prefix, Figures figures)
    {
        foreach (var baseline in report.Models.Skip(1))
        {
            foreach (var output in baseline.Outputs)
            {
                figures.Add($"{prefix}{baseline.Name}.{output.Output}_auc", output.Auc);
                figures.Add($"{prefix}{baseline.Name}.{output.Output}_log_loss", output.LogLoss);
            }
        }
    }
}
