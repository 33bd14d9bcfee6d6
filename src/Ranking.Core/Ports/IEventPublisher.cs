namespace Ranking.Core;

/// <summary>Takes what the server answered and what backends report, and brings it into the log.</summary>
public interface IEventPublisher
{
    /// <summary>
    /// Hands over a record without waiting. False when the bounded queue is full: the record is dropped and counted.
    /// </summary>
    bool TryPublish(LogTopic topic, LogEvent record);

    /// <summary>Writes records and waits until the log has them.</summary>
    ValueTask PublishAsync(LogTopic topic, IReadOnlyList<LogEvent> records, CancellationToken cancellation);
}
