using Ranking.Models;

namespace Ranking.Inference.Tests;

public sealed class SharedMixesTests
{
    [Fact]
    public void Merge_MixesOfTheSameExperts_AreOneStepAfterAllGatesAndBeforeWhatReadsIt()
    {
        var (gate, mix, tower) = (new SoftmaxStep(Slot(2), Slot(0)), new MixStep([Slot(3)], [Slot(2)], Experts), new SoftmaxStep(Slot(4), Slot(3)));
        var (otherGate, otherMix, otherTower) = (new SoftmaxStep(Slot(5), Slot(1)), new MixStep([Slot(6)], [Slot(5)], Experts), new SoftmaxStep(Slot(7), Slot(6)));

        var merged = SharedMixes.Merge([gate, mix, tower, otherGate, otherMix, otherTower]);

        Assert.Equal([gate, otherGate, merged[2], tower, otherTower], merged);
        var both = Assert.IsType<MixStep>(merged[2]);
        Assert.Equal([Slot(3), Slot(6)], both.Targets);
        Assert.Equal([Slot(2), Slot(5)], both.Gates);
        Assert.Equal(Experts, both.Experts);
    }

    [Fact]
    public void Merge_MixesOfOtherExperts_StayAsTheyAre()
    {
        Step[] steps =
        [
            new SoftmaxStep(Slot(2), Slot(0)), new MixStep([Slot(3)], [Slot(2)], Experts), new SoftmaxStep(Slot(4), Slot(3)),
            new SoftmaxStep(Slot(5), Slot(1)), new MixStep([Slot(6)], [Slot(5)], [Experts[0]]), new SoftmaxStep(Slot(7), Slot(6)),
        ];

        var merged = SharedMixes.Merge(steps);

        Assert.Equal(steps.Select(step => step.Target), merged.Select(step => step.Target));
    }

    private static ValueSlot[] Experts => [Slot(10), Slot(11)];

    private static ValueSlot Slot(int buffer) => new(buffer, 2, ScopeSet.Candidate);
}
