using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>Builds log entries by hand.</summary>
internal static class Log
{
    public static LogEntry Entry(LogEvent record, int partition, long offset, long? brokerTime = null) => new()
    {
        Position = new LogPosition(new LogPartition(record is ServedEvent ? LogTopic.Served : LogTopic.Events, partition), offset),
        BrokerTime = brokerTime ?? record.EventTime,
        Event = record,
    };

    public static MergedEvent Merged(LogEvent record, long offset, long? orderTime = null) =>
        new(orderTime ?? record.EventTime, Entry(record, 0, offset), null);

    public static ServedEvent Served(long time, string request, params string[] items) => new(time, "u")
    {
        RequestId = request,
        UserFeatures = new byte[] { 1 },
        ContextFeatures = new byte[] { 2 },
        Items = [.. items.Select(item => new ServedItem(item, 0, 1, ItemFeatures(item), new byte[] { 4 }))],
        Returned = items.Length,
    };

    public static byte[] ItemFeatures(string item) => System.Text.Encoding.UTF8.GetBytes("served " + item);

    public static ImpressionEvent Impression(long time, string request, string item = "i") => new(time, "u") { RequestId = request, ItemId = item };

    public static ImpressionEvent OwnImpression(long time, string request, string item = "i") =>
        Impression(time, request, item) with { Features = new FeatureRecords(new byte[] { 9 }, default, default, default) };

    public static OutcomeEvent Outcome(long time, string request, string name, string item = "i") =>
        new(time, "u") { RequestId = request, ItemId = item, Name = name };
}
