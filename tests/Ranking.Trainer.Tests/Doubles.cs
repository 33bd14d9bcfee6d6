using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Trainer.Tests;

/// <summary>Dead letters that nobody keeps.</summary>
internal sealed class DroppedLetters : IDeadLetters
{
    public void Write(LogPosition position, string reason, LogEntry entry)
    {
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}

/// <summary>A log that says when it is read, so that a test can stop training there.</summary>
internal sealed class StoppingLog(IEventLog inner, Action onRead) : IEventLog
{
    public ImmutableArray<LogPartition> Partitions => inner.Partitions;

    public ImmutableArray<LogPosition> Start => inner.Start;

    public bool IsAtEnd => inner.IsAtEnd;

    public ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation)
    {
        onRead();
        return inner.ReadAsync(wait, CancellationToken.None);
    }

    public void Pause(IReadOnlyCollection<LogPartition> partitions) => inner.Pause(partitions);

    public void Resume(IReadOnlyCollection<LogPartition> partitions) => inner.Resume(partitions);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
