namespace Ranking.Inference;

/// <summary>One computation of a compiled graph; it holds nothing of a request, so that all sessions share it.</summary>
internal abstract class Step(ValueSlot target)
{
    /// <summary>What it writes.</summary>
    protected ValueSlot Target => target;

    /// <summary>Computes all rows of the target.</summary>
    public abstract void Run(Workspace workspace);
}
