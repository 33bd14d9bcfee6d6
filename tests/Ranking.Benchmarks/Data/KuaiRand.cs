using System.Diagnostics;
using Ranking.Evaluation;

namespace Ranking.Benchmarks;

/// <summary>KuaiRand with weights frozen after the train days: every network, three seeds, and the Microsoft.ML baselines.</summary>
internal sealed class KuaiRand : Benchmark
{
    public override string Name => "kuairand";

    public override string Description => "AUC and log loss on KuaiRand's test days, each network, three seeds, beside Microsoft.ML";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var networks = ArchitectureTable.All.Where(network => arguments.Count == 0 || arguments.Contains(network.Name)).ToArray();
        var job = await TableJob.OpenAsync("kuairand.yaml", cancellation);
        await ArchitectureTable.RunAsync(
            job, "frozen.", networks,
            arguments.Count > 0 ? [] : [BaselineKind.LogisticRegression, BaselineKind.BoostedTrees, BaselineKind.FactorizationMachine], figures, cancellation);
        var sparse = await TableJob.OpenAsync("kuairand-like.yaml", cancellation);
        await ArchitectureTable.RunAsync(sparse, "frozen.like.", networks, [], figures, cancellation);
        figures.Add("total_seconds", Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
