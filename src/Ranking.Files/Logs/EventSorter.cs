using System.IO.Compression;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>An event of a table, or the fault in its place, with its place in the order (event time, row, kind).</summary>
internal readonly record struct TableRecord(long Time, long Row, int Kind, LogEvent? Event, string? Fault) : IComparable<TableRecord>
{
    public int CompareTo(TableRecord other) => (Time, Row, Kind).CompareTo((other.Time, other.Row, other.Kind));
}

/// <summary>
/// Sorts each partition's events: in memory while they are few, else in sorted runs on disk that are merged when read
/// (Knuth, The Art of Computer Programming 3, 5.4).
/// </summary>
internal sealed class EventSorter(int partitions, int memoryRecords) : IDisposable
{
    private readonly List<TableRecord>[] inMemory = [.. Enumerable.Range(0, partitions).Select(_ => new List<TableRecord>())];
    private readonly List<string>[] runs = [.. Enumerable.Range(0, partitions).Select(_ => new List<string>())];
    private DirectoryInfo? folder;
    private int count;

    /// <summary>How many records there are.</summary>
    public long Count { get; private set; }

    /// <summary>The largest time that was added; 0 where there is none.</summary>
    public long LastTime { get; private set; }

    public void Add(int partition, TableRecord record)
    {
        inMemory[partition].Add(record);
        LastTime = Math.Max(LastTime, record.Time);
        Count++;
        if (++count == memoryRecords)
        {
            Spill();
        }
    }

    /// <summary>Ends adding.</summary>
    public void Complete()
    {
        foreach (var records in inMemory)
        {
            records.Sort();
        }
    }

    /// <summary>A partition's records in order.</summary>
    public IEnumerable<TableRecord> Read(int partition) =>
        runs[partition].Count == 0 ? inMemory[partition] : Merge([.. runs[partition].Select(ReadRun), inMemory[partition]]);

    public void Dispose() => folder?.Delete(recursive: true);

    private void Spill()
    {
        folder ??= Directory.CreateTempSubdirectory("ranking-sort-");
        for (var partition = 0; partition < partitions; partition++)
        {
            var records = inMemory[partition];
            records.Sort();
            var path = Path.Combine(folder.FullName, $"{partition}-{runs[partition].Count}");
            using var writer = new BinaryWriter(new GZipStream(new BufferedStream(File.Create(path), 1 << 16), CompressionLevel.Fastest));
            foreach (var record in records)
            {
                writer.Write(true);
                writer.Write(record.Time);
                writer.Write(record.Row);
                writer.Write7BitEncodedInt(record.Kind);
                EventCodec.Write(writer, record.Event, record.Fault);
            }

            writer.Write(false);
            runs[partition].Add(path);
            records.Clear();
        }

        count = 0;
    }

    private static IEnumerable<TableRecord> ReadRun(string path)
    {
        using var reader = new BinaryReader(new BufferedStream(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), 1 << 16));
        while (reader.ReadBoolean())
        {
            var (time, row, kind) = (reader.ReadInt64(), reader.ReadInt64(), reader.Read7BitEncodedInt());
            var (record, fault) = EventCodec.Read(reader);
            yield return new TableRecord(time, row, kind, record, fault);
        }
    }

    private static IEnumerable<TableRecord> Merge(IEnumerable<TableRecord>[] sorted)
    {
        var heads = new PriorityQueue<IEnumerator<TableRecord>, TableRecord>();
        foreach (var head in sorted.Select(run => run.GetEnumerator()))
        {
            if (head.MoveNext())
            {
                heads.Enqueue(head, head.Current);
            }
        }

        while (heads.TryDequeue(out var head, out var record))
        {
            yield return record;
            if (head.MoveNext())
            {
                heads.Enqueue(head, head.Current);
            }
            else
            {
                head.Dispose();
            }
        }
    }
}
