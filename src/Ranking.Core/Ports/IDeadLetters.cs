namespace Ranking.Core;

/// <summary>Keeps records that could not be used, with the reason.</summary>
public interface IDeadLetters
{
    /// <summary>Writes one dead letter; it is durable once the log's next checkpoint is.</summary>
    void Write(LogPosition position, string reason, LogEntry entry);

    /// <summary>Waits until all of them are durable.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);
}
