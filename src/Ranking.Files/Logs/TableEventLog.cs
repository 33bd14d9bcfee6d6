using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>
/// A table of labelled rows, read as the events that it stands for: for each row its impression, with features, and its
/// outcomes at their declared times; sorted by (event time, row, kind), dealt to partitions by the hash of the user, and
/// ended by one end record a partition. The topic of served records has end records alone.
/// </summary>
/// <remarks>
/// Positions are those that the same records have in a broker's empty topics. The table is read once, when opened; rows
/// beyond <c>memoryRecords</c> are sorted on disk, in the folder for temporary files. A row that cannot be used is an
/// entry with a fault, in the place of the row before it.
/// </remarks>
public sealed class TableEventLog : IEventLog
{
    private readonly EventSorter sorter;
    private readonly PartitionCursors cursors;
    private readonly PartitionMeter meter;

    private TableEventLog(int partitions, EventSorter sorter, IReadOnlyDictionary<LogPartition, long>? from)
    {
        this.sorter = sorter;
        meter = new PartitionMeter(sorter.Count);
        Partitions = [.. Enum.GetValues<LogTopic>().SelectMany(topic => Enumerable.Range(0, partitions).Select(number => new LogPartition(topic, number)))];
        cursors = new PartitionCursors(Partitions, Read, from);
    }

    /// <inheritdoc/>
    public ImmutableArray<LogPartition> Partitions { get; }

    /// <inheritdoc/>
    public ImmutableArray<LogPosition> Start => cursors.Start;

    /// <inheritdoc/>
    public bool IsAtEnd => cursors.IsAtEnd;

    /// <inheritdoc/>
    public double? Progress => meter.Share;

    /// <summary>How many rows the table has.</summary>
    public long Rows { get; private init; }

    /// <summary>How many rows could not be used.</summary>
    public long FaultyRows { get; private init; }

    /// <summary>What was wrong with rows of the users' and items' tables.</summary>
    public required IReadOnlyList<string> EntityFaults { get; init; }

    /// <summary>Reads and sorts a table.</summary>
    /// <param name="source">The declarations.</param>
    /// <param name="schema">The features.</param>
    /// <param name="from">The first offset wanted of each partition; its first where not named.</param>
    /// <param name="progress">Hears how much of the table has been read, 0 to 1.</param>
    /// <param name="memoryRecords">Events kept in memory, 1,000 and more; more are sorted on disk.</param>
    /// <exception cref="TableException">A file is missing or lacks a column.</exception>
    /// <exception cref="LogPositionException">A wanted offset is not in the log.</exception>
    public static TableEventLog Open(
        SourceSpec source, FeatureSchema schema, IReadOnlyDictionary<LogPartition, long>? from = null,
        IProgress<double>? progress = null, int memoryRecords = 2_000_000)
    {
        using var table = TableReader.Open(source.Log.Path);
        var entityFaults = new List<string>();
        var rows = new RowEvents(table, source, schema, entityFaults.Add);
        var sorter = new EventSorter(source.Log.Partitions, memoryRecords);
        var faulty = Sort(table, rows, source.Log.Partitions, sorter, progress);
        return new TableEventLog(source.Log.Partitions, sorter, from) { Rows = table.Row + 1, FaultyRows = faulty, EntityFaults = entityFaults };
    }

    /// <summary>A partition's records from its first on: what <c>events load</c> writes to a broker.</summary>
    public IEnumerable<LogEntry> Read(LogPartition partition)
    {
        var offset = 0L;
        if (partition.Topic == LogTopic.Events)
        {
            foreach (var record in sorter.Read(partition.Partition))
            {
                yield return new LogEntry { Position = new LogPosition(partition, offset++), BrokerTime = record.Time, Event = record.Event, Fault = record.Fault };
                meter.Reach(partition, offset);
            }
        }

        yield return new LogEntry { Position = new LogPosition(partition, offset), BrokerTime = sorter.LastTime, Event = new EndEvent(sorter.LastTime) };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<LogEntry>>(cursors.Read());
    }

    /// <inheritdoc/>
    public void Pause(IReadOnlyCollection<LogPartition> partitions) => cursors.Pause(partitions);

    /// <inheritdoc/>
    public void Resume(IReadOnlyCollection<LogPartition> partitions) => cursors.Resume(partitions);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        cursors.Dispose();
        sorter.Dispose();
        return ValueTask.CompletedTask;
    }

    private static long Sort(TableReader table, RowEvents rows, int partitions, EventSorter sorter, IProgress<double>? progress)
    {
        var (events, faulty, lastTime) = (new List<LogEvent>(), 0L, 0L);
        while (table.Read())
        {
            if (table.Row % 4096 == 0)
            {
                progress?.Report(table.Progress);
            }

            events.Clear();
            var fault = rows.Read(events);
            var partition = UserPartition.Of(rows.UserId, partitions);
            if (fault is not null)
            {
                faulty++;
                sorter.Add(partition, new TableRecord(lastTime, table.Row, 0, null, $"{table.Path}:{table.Line}: {fault}"));
                continue;
            }

            lastTime = events[0].EventTime;
            for (var kind = 0; kind < events.Count; kind++)
            {
                sorter.Add(partition, new TableRecord(events[kind].EventTime, table.Row, kind, events[kind], null));
            }
        }

        sorter.Complete();
        progress?.Report(1);
        return faulty;
    }
}
