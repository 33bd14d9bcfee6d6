using Ranking.Core;

namespace Ranking.Trainer.Tests;

public sealed class ContinuedDeadLettersTests : IDeadLetters
{
    private readonly List<LogPosition> written = [];

    [Fact]
    public void Write_OfTheLogAtRestAndOfTheTopic_NamesEachByItsOwnOffset()
    {
        var partition = new LogPartition(LogTopic.Events, 0);
        var letters = new ContinuedDeadLetters(this, new Dictionary<LogPartition, long> { [partition] = 100 });

        foreach (var offset in new long[] { 99, 100, 142 })
        {
            letters.Write(new LogPosition(partition, offset), "unreadable", new LogEntry { Position = new LogPosition(partition, offset), BrokerTime = 0 });
        }

        Assert.Equal([99, 0, 42], written.Select(position => position.Offset));
    }

    void IDeadLetters.Write(LogPosition position, string reason, LogEntry entry) => written.Add(position);

    ValueTask IDeadLetters.FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
