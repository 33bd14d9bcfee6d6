using System.Diagnostics;
using Ranking.Evaluation;

namespace Ranking.Benchmarks;

/// <summary>KuaiRand with weights frozen after the train days: every network, three seeds, and the Microsoft.ML baselines; with statistics, frozen and running, five seeds.</summary>
internal sealed class KuaiRand : Benchmark
{
    public override string Name => "kuairand";

    public override string Description => "AUC and log loss on KuaiRand's test days, each network, three seeds, beside Microsoft.ML (a network, signal, or a job file: only these)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var networks = ArchitectureTable.All.Where(network => arguments.Count == 0 || arguments.Contains(network.Name)).ToArray();
        foreach (var sample in arguments.Where(argument => argument.EndsWith(".yaml", StringComparison.Ordinal)))
        {
            await SignalTable.RunAsync(sample, 1, figures, cancellation);
        }

        if (arguments.Count == 0 || arguments.Contains("signal"))
        {
            await SignalTable.RunAsync("kuairand-signal.yaml", 5, figures, cancellation);
        }

        if (arguments.Count > 0 && networks.Length == 0)
        {
            return;
        }

        var job = await TableJob.OpenAsync("kuairand.yaml", [false], cancellation);
        await ArchitectureTable.RunAsync(
            job, "frozen.", networks,
            arguments.Count > 0 ? [] : [BaselineKind.LogisticRegression, BaselineKind.BoostedTrees, BaselineKind.FactorizationMachine], figures, cancellation);
        var sparse = await TableJob.OpenAsync("kuairand-like.yaml", [false], cancellation);
        await ArchitectureTable.RunAsync(sparse, "frozen.like.", networks, [], figures, cancellation);
        figures.Add("total_seconds", Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
