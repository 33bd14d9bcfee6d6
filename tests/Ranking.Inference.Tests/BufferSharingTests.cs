using Ranking.Models;

namespace Ranking.Inference.Tests;

public sealed class BufferSharingTests
{
    [Fact]
    public void Of_LivesThatDoNotOverlap_ShareMemory()
    {
        // 1 → 2 → 3 → 4: what 1 had is free when 3 is written, what 2 had when 4 is.
        var memory = BufferSharing.Of([Of(1, 0), Of(2, 1), Of(3, 2), Of(4, 3)], [Slot(4)], 5);

        Assert.Equal([0, 1, 2, 1, 2], memory);
    }

    [Fact]
    public void Of_ReadByALaterStepOrAfterTheLast_KeepsItsMemory()
    {
        var memory = BufferSharing.Of([Of(1, 0), Of(2, 1), Of(3, 2), Of(4, 1, 3)], [Slot(2), Slot(4)], 5);

        Assert.Equal([0, 1, 2, 3, 4], memory);
    }

    [Fact]
    public void Of_ReadByNobody_IsNotWrittenOverWhatIsRead()
    {
        // 3 is dead: its memory must not be handed out before it is written.
        var memory = BufferSharing.Of([Of(1, 0), Of(2, 0), Of(3, 0), Of(4, 1, 2)], [Slot(4)], 5);

        Assert.NotEqual(memory[2], memory[3]);
        Assert.NotEqual(memory[1], memory[3]);
    }

    private static ValueSlot Slot(int buffer) => new(buffer, 1, ScopeSet.Candidate);

    private static Written Of(int target, params int[] reads) => new(Slot(target), [.. reads.Select(Slot)]);

    private sealed class Written(ValueSlot target, ValueSlot[] reads) : Step(target, reads)
    {
        public override void Run(Workspace workspace) => throw new NotSupportedException();
    }
}
