using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Files;
using Ranking.Streaming;

namespace Ranking.Trainer;

/// <summary>Topics that begin, with offset 0, where a log at rest ends.</summary>
public sealed class LogContinuation
{
    private readonly Dictionary<LogPartition, long> ends;

    /// <summary>Finds where a log at rest ends: that is written nowhere but with the records, so all are read.</summary>
    /// <param name="folder">The log at rest.</param>
    public LogContinuation(string folder)
    {
        var file = LogFile.Open(folder);
        ends = file.Partitions.ToDictionary(partition => partition, partition => file.Read(partition).Select(entry => entry.Position.Offset + 1).LastOrDefault());
    }

    /// <summary>Opens the topics at positions that count on from the log at rest.</summary>
    /// <param name="kafka">Where the topics are.</param>
    /// <param name="from">The positions; none at all is where the log at rest ends.</param>
    public IEventLog Open(KafkaSettings kafka, ImmutableArray<LogPosition> from)
    {
        LogPosition[] positions = from.IsEmpty
            ? [.. ends.Select(end => new LogPosition(end.Key, 0))]
            : [.. from.Select(at => at with { Offset = at.Offset - ends[at.Partition] })];
        return new ShiftedLog(KafkaEventLog.Open(kafka, positions), ends);
    }

    /// <summary>Dead letters of the topics, named by the topics' own offsets.</summary>
    /// <param name="letters">Takes them.</param>
    public IDeadLetters Naming(IDeadLetters letters) => new ContinuedDeadLetters(letters, ends);
}
