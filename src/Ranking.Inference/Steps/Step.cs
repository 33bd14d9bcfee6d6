namespace Ranking.Inference;

/// <summary>One computation of a compiled graph; it holds nothing of a request, so that all sessions share it.</summary>
internal abstract class Step(ValueSlot target, params ValueSlot[] reads)
{
    /// <summary>What it writes; the first of several.</summary>
    public ValueSlot Target => target;

    /// <summary>All that it writes.</summary>
    public virtual IReadOnlyList<ValueSlot> Targets => [target];

    /// <summary>The values that it reads.</summary>
    public IReadOnlyList<ValueSlot> Reads => reads;

    /// <summary>Computes the target's rows that the workspace has taken.</summary>
    public abstract void Run(Workspace workspace);
}
