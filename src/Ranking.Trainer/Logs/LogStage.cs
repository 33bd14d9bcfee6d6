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
public sealed record LogStage(string Name, Func<ImmutableArray<LogPosition>, CancellationToken, ValueTask<IEventLog>> OpenAsync);
