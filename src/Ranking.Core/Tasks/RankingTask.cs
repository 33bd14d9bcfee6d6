namespace Ranking.Core;

/// <summary>What a task predicts; it decides link, loss, metric and gate.</summary>
public enum TaskKind : byte
{
    /// <summary>The probability of an outcome: sigmoid, log loss, AUC.</summary>
    Binary = 0,
}

/// <summary>One predicted probability.</summary>
/// <remarks>
/// With <see cref="Given"/>, the task is conditional: P(outcome | parent's outcome), and the product of the chain is a
/// further output, <see cref="Joint"/>: CTCVR = CTR × CVR (Ma et al., Entire Space Multi-Task Model, SIGIR 2018, eq. 1).
/// </remarks>
public sealed record RankingTask
{
    /// <summary>The output's name: <c>ctr</c>, <c>cvr</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public TaskKind Kind { get; init; }

    /// <summary>The outcome that makes the label positive: the name of an event (<c>click</c>, <c>conversion</c>).</summary>
    public required string Outcome { get; init; }

    /// <summary>The parent task, for a conditional one.</summary>
    public string? Given { get; init; }

    /// <summary>The name of the product with the parents' probabilities; null without <see cref="Given"/>.</summary>
    public string? Joint { get; init; }

    /// <summary>How much its loss counts. Above 0; default 1.</summary>
    public float LossWeight { get; init; } = 1;

    /// <summary>How long after the impression an outcome counts.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>How much longer, in order time, the label waits for events that come late. Default 0.</summary>
    public TimeSpan Lateness { get; init; }
}
