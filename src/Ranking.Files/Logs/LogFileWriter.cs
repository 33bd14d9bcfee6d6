using System.Collections.Immutable;
using System.IO.Compression;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>
/// Writes a log at rest: a folder with one file a partition, each record with its offset, the broker's time and its
/// event, heartbeats included. Files get their names when the log is complete.
/// </summary>
/// <remarks>
/// Layout of a file: magic <c>RKLG</c>, format version (1 byte), then gzip over records (1, offset, broker's time, event)
/// and a closing 0, without which the file is cut short. Numbers are little endian.
/// </remarks>
public sealed class LogFileWriter : IDisposable
{
    internal const byte FormatVersion = 3;

    private const string Unfinished = ".partial";

    private readonly string folder;
    private readonly ImmutableSortedDictionary<LogPartition, BinaryWriter> writers;
    private bool isComplete;

    /// <param name="folder">Where to; created where missing.</param>
    /// <param name="partitions">The log's partitions; one without records gets an empty file.</param>
    public LogFileWriter(string folder, IEnumerable<LogPartition> partitions)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        writers = partitions.ToImmutableSortedDictionary(partition => partition, partition => Open(PathOf(folder, partition) + Unfinished));
    }

    internal static ReadOnlySpan<byte> Magic => "RKLG"u8;

    /// <summary>Adds a record to its partition; offsets ascend within each.</summary>
    public void Write(LogEntry entry)
    {
        var writer = writers[entry.Position.Partition];
        writer.Write(true);
        writer.Write(entry.Position.Offset);
        writer.Write(entry.BrokerTime);
        EventCodec.Write(writer, entry.Event, entry.Fault);
    }

    /// <summary>Ends the files and gives them their names.</summary>
    public void Complete()
    {
        foreach (var (partition, writer) in writers)
        {
            writer.Write(false);
            writer.Dispose();
            File.Move(PathOf(folder, partition) + Unfinished, PathOf(folder, partition), overwrite: true);
        }

        isComplete = true;
    }

    /// <summary>Ends writing; a log that is not complete is removed.</summary>
    public void Dispose()
    {
        if (isComplete)
        {
            return;
        }

        foreach (var (partition, writer) in writers)
        {
            writer.Dispose();
            File.Delete(PathOf(folder, partition) + Unfinished);
        }
    }

    private static string PathOf(string folder, LogPartition partition) =>
        Path.Combine(folder, $"{partition.Topic.ToString().ToLowerInvariant()}-{partition.Partition}.log");

    private static BinaryWriter Open(string path)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        file.Write(Magic);
        file.WriteByte(FormatVersion);
        return new BinaryWriter(new BufferedStream(new GZipStream(file, CompressionLevel.Fastest), 1 << 16));
    }
}
