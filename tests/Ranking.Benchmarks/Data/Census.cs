using Ranking.Evaluation;

namespace Ranking.Benchmarks;

/// <summary>The census tasks of the MMoE paper: income, never married, college.</summary>
internal sealed class Census : Benchmark
{
    public override string Name => "census";

    public override string Description => "AUC on the census tasks of the MMoE paper, each network, three seeds";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var job = await TableJob.OpenAsync("census.yaml", freezes: false, cancellation);
        var networks = ArchitectureTable.All.Where(network => !network.EntireSpace);
        await ArchitectureTable.RunAsync(job, "", networks, [BaselineKind.BoostedTrees], figures, cancellation);
    }
}
