using System.Collections.Immutable;

namespace Ranking.Learning;

/// <summary>What one step did.</summary>
/// <param name="Rows">The examples learned from, after negatives were sampled.</param>
/// <param name="Loss">What the step lowers, in nats: the weighted sum over tasks and rows, divided by the rows.</param>
/// <param name="TaskLosses">
/// [tasks] The mean loss over the rows that the task learns from, in nats; NaN where there are none. For a conditional
/// task in the entire space, the loss of its joint probability.
/// </param>
/// <param name="Admitted">Ids that were given a row.</param>
/// <param name="Expired">Rows given up because their ids were not seen for too long.</param>
public sealed record StepResult(int Rows, double Loss, ImmutableArray<double> TaskLosses, int Admitted, int Expired);
