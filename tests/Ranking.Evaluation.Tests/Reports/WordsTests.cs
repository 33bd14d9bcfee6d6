using Ranking.Models;

namespace Ranking.Evaluation.Tests;

public sealed class WordsTests
{
    private static readonly ArchitectureSpec Plain = new() { Kind = ArchitectureKind.Mmoe, Experts = 4, EntireSpace = true };

    [Fact]
    public void Architecture_WithInteractions_NamesEachOfThem()
    {
        Assert.Equal("MMoE of 4 experts over the entire space (ESMM)", Words.Architecture(Plain));
        Assert.Equal(
            "MMoE of 4 experts with feature gates (FiBiNET), 2 cross layers of rank 32 (DCN-V2), a factorisation machine over the entire space (ESMM)",
            Words.Architecture(Plain with { FeatureGate = new FeatureGateSpec(4), Cross = new CrossSpec(2, 32), Factorization = true }));
        Assert.Equal("MMoE of 4 experts, averaged with shared bottom", Words.Architecture(new ArchitectureSpec
        {
            Kind = ArchitectureKind.Mmoe,
            Members = [new ArchitectureSpec { Kind = ArchitectureKind.SharedBottom }],
        }));
        Assert.Equal("MMoE of 4 experts over the entire space (ESMM), with 300 boosted trees a task for 30.0 % of the logit", Words.Architecture(Plain, new TreesSpec()));
        Assert.Equal("shared bottom with 3 cross layers (DCN-V2)", Words.Architecture(new ArchitectureSpec { Kind = ArchitectureKind.SharedBottom, Cross = new CrossSpec(3, null) }));
    }
}
