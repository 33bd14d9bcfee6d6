using System.Collections.Concurrent;
using Ranking.Core;

namespace Ranking.Server.Tests;

/// <summary>A log that remembers what was written; it can be full or down.</summary>
internal sealed class RecordedEvents : IEventPublisher
{
    public ConcurrentQueue<(LogTopic Topic, LogEvent Record)> Records { get; } = [];

    public bool IsFull { get; set; }

    public bool IsDown { get; set; }

    public bool IsStuck { get; set; }

    public bool TryPublish(LogTopic topic, LogEvent record)
    {
        if (!IsFull)
        {
            Records.Enqueue((topic, record));
        }

        return !IsFull;
    }

    public async ValueTask PublishAsync(LogTopic topic, IReadOnlyList<LogEvent> records, CancellationToken cancellation)
    {
        if (IsStuck)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        if (IsDown)
        {
            throw new IOException("the broker is gone");
        }

        foreach (var record in records)
        {
            Records.Enqueue((topic, record));
        }
    }
}
