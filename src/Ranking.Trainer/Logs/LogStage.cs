using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Trainer;

/// <summary>
/// One of the logs that a training run reads one after another: a file, then the topic that goes on where it ends.
/// </summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="OpenAsync">
/// Opens it at the given positions, one a partition; none at all means from its beginning. Offsets go on from one stage
/// to the next.
/// </param>
public sealed record LogStage(string Name, Func<ImmutableArray<LogPosition>, CancellationToken, ValueTask<IEventLog>> OpenAsync)
{
    /// <summary>Whether a version is offered to the gate at its end alone, whatever the schedule says: for a history that is caught up with.</summary>
    public bool PublishesAtEndOnly { get; init; }
}
