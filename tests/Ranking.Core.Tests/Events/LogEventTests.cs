using CsCheck;

namespace Ranking.Core.Tests;

public sealed class LogEventTests
{
    [Fact]
    public void ImpressionKey_TextMovedBetweenRequestAndItem_IsAnother() =>
        Gen.Select(Gen.String[1, 200], Gen.String[1, 200]).Sample((request, item) =>
        {
            Assert.Equal(LogEvent.ImpressionKey(request, item), LogEvent.ImpressionKey(new string(request), new string(item)));
            Assert.NotEqual(LogEvent.ImpressionKey(request, item), LogEvent.ImpressionKey(request + item[..1], item[1..]));
        });

    [Fact]
    public void LogPositions_InTheMergedOrder_HaveServedFirst()
    {
        LogPartition[] partitions = [new(LogTopic.Events, 0), new(LogTopic.Served, 1), new(LogTopic.Events, 1), new(LogTopic.Served, 0)];

        Assert.Equal(["served/0", "served/1", "events/0", "events/1"], partitions.Order().Select(partition => partition.ToString()));
        Assert.Equal("events/1@7", new LogPosition(new LogPartition(LogTopic.Events, 1), 7).ToString());
    }
}
