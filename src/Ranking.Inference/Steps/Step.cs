namespace Ranking.Inference;

/// <summary>One computation of a compiled graph; it holds nothing of a request, so that all sessions share it.</summary>
internal abstract class Step(ValueSlot target, params ValueSlot[] reads)
{
    /// <summary>What it writes.</summary>
    public ValueSlot Target => target;

    /// <summary>The values that it reads.</summary>
    public IReadOnlyList<ValueSlot> Reads => reads;

    /// <summary>Computes the target's rows that the workspace has taken.</summary>
    public abstract void Run(Workspace workspace);
}
