using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Files;
using Ranking.Streaming;

namespace Ranking.Trainer;

/// <summary>Topics that begin, with offset 0, where a log at rest ends.</summary>
public static class LogContinuation
{
    /// <summary>Opens the topics at positions that count on from the log at rest.</summary>
    /// <param name="kafka">Where the topics are.</param>
    /// <param name="folder">The log at rest.</param>
    /// <param name="from">The positions; none at all is where the log at rest ends.</param>
    public static IEventLog Open(KafkaSettings kafka, string folder, ImmutableArray<LogPosition> from)
    {
        var ends = EndsOf(folder);
        LogPosition[] positions = from.IsEmpty
            ? [.. ends.Select(end => new LogPosition(end.Key, 0))]
            : [.. from.Select(at => at with { Offset = at.Offset - ends[at.Partition] })];
        return new ShiftedLog(KafkaEventLog.Open(kafka, positions), ends);
    }

    /// <summary>The offset after the last record of each partition: it is written nowhere but with the records, so all are read.</summary>
    public static IReadOnlyDictionary<LogPartition, long> EndsOf(string folder)
    {
        var file = LogFile.Open(folder);
        return file.Partitions.ToDictionary(partition => partition, partition => file.Read(partition).Select(entry => entry.Position.Offset + 1).LastOrDefault());
    }
}
