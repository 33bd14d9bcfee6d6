using System.Diagnostics;
using Ranking.Evaluation;

namespace Ranking.Benchmarks;

/// <summary>
/// KuaiRand with weights frozen after the train days: every network, three seeds, and the Microsoft.ML baselines; with
/// statistics, frozen, running, running with a calibration that follows, and learning, and with sequences and none, five seeds.
/// </summary>
internal sealed class KuaiRand : Benchmark
{
    public override string Name => "kuairand";

    public override string Description => "AUC, log loss and calibration on KuaiRand's test days, each network, three seeds, beside Microsoft.ML (a network, signal, frozen, no_statistics, learning, or a job file: only these; a number: so many seeds of the last four)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var networks = ArchitectureTable.All.Where(network => arguments.Count == 0 || arguments.Contains(network.Name)).ToArray();
        var seeds = arguments.Select(argument => int.TryParse(argument, out var number) ? number : 0).FirstOrDefault(number => number > 0, 5);
        string[] samples = [.. arguments.Where(argument => argument.EndsWith(".yaml", StringComparison.Ordinal)).DefaultIfEmpty("kuairand-signal.yaml")];
        foreach (var sample in samples)
        {
            var (learns, name) = (arguments.Count == 0 || arguments.Contains("signal") || arguments.Contains("learning"), SignalTable.NameOf(sample));
            if (learns || arguments.Contains(sample) || arguments.Contains("frozen"))
            {
                await SignalTable.RunAsync(sample, "frozen", name, seeds, figures, cancellation);
            }

            var isDone = learns && await LearningTable.TryRunAsync(sample, seeds, figures, cancellation);
            if ((learns || arguments.Contains(sample)) && !isDone)
            {
                await SignalTable.RunAsync(sample, "running", name, seeds, figures, cancellation);
            }
        }

        if (arguments.Count == 0 || arguments.Contains("signal") || arguments.Contains("no_statistics"))
        {
            await SignalTable.RunAsync("kuairand-sequences.yaml", "no_statistics", "signal", seeds, figures, cancellation);
        }

        if (arguments.Count > 0 && networks.Length == 0)
        {
            return;
        }

        var job = await TableJob.OpenAsync("kuairand.yaml", freezes: false, cancellation);
        await ArchitectureTable.RunAsync(
            job, "frozen.", networks,
            arguments.Count > 0 ? [] : [BaselineKind.LogisticRegression, BaselineKind.BoostedTrees, BaselineKind.FactorizationMachine], figures, cancellation);
        var sparse = await TableJob.OpenAsync("kuairand-like.yaml", freezes: false, cancellation);
        await ArchitectureTable.RunAsync(sparse, "frozen.like.", networks, [], figures, cancellation);
        figures.Add("total_seconds", Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
