using System.Collections.Immutable;
using System.IO.Compression;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>A log at rest, as <see cref="LogFileWriter"/> wrote it.</summary>
public sealed class LogFile : IEventLog
{
    private readonly PartitionCursors cursors;
    private readonly ImmutableSortedDictionary<LogPartition, string> files;
    private readonly PartitionMeter meter;

    private LogFile(ImmutableSortedDictionary<LogPartition, string> files, IReadOnlyDictionary<LogPartition, long>? from, bool isContinued)
    {
        this.files = files;
        meter = new PartitionMeter(files.Values.Sum(path => new FileInfo(path).Length));
        Partitions = [.. files.Keys];
        cursors = new PartitionCursors(Partitions, Read, from, isContinued);
    }

    /// <inheritdoc/>
    public ImmutableArray<LogPartition> Partitions { get; }

    /// <inheritdoc/>
    public ImmutableArray<LogPosition> Start => cursors.Start;

    /// <inheritdoc/>
    public bool IsAtEnd => cursors.IsAtEnd;

    /// <inheritdoc/>
    public double? Progress => meter.Share;

    /// <summary>Opens a log.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="from">The first offset wanted of each partition; the log's first where not named.</param>
    /// <param name="isContinued">Whether another log goes on after it: what is wanted beyond the end is there, and none of it here.</param>
    /// <exception cref="TableException">The folder holds no log, or a file of it is of another format or cut short.</exception>
    /// <exception cref="LogPositionException">A wanted offset is not in the log.</exception>
    public static LogFile Open(string folder, IReadOnlyDictionary<LogPartition, long>? from = null, bool isContinued = false)
    {
        var files = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*-*.log").ToImmutableSortedDictionary(PartitionOf, path => path)
            : ImmutableSortedDictionary<LogPartition, string>.Empty;
        return files.IsEmpty
            ? throw new TableException($"{folder}: holds no log; give the folder that a log was written to (events-0.log and others).")
            : new LogFile(files, from, isContinued);
    }

    /// <summary>A partition's records from its first on.</summary>
    /// <exception cref="TableException">The file is of another format or cut short.</exception>
    public IEnumerable<LogEntry> Read(LogPartition partition)
    {
        var path = files[partition];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        CheckHead(file, path);
        using var reader = new BinaryReader(new BufferedStream(new GZipStream(file, CompressionMode.Decompress), 1 << 16));
        while (Next(reader, partition, path) is { } entry)
        {
            yield return entry;
            meter.Reach(partition, file.Position);
        }
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
        return ValueTask.CompletedTask;
    }

    private static LogEntry? Next(BinaryReader reader, LogPartition partition, string path)
    {
        try
        {
            if (!reader.ReadBoolean())
            {
                return null;
            }

            var (offset, time) = (reader.ReadInt64(), reader.ReadInt64());
            var (record, fault) = EventCodec.Read(reader);
            return new LogEntry { Position = new LogPosition(partition, offset), BrokerTime = time, Event = record, Fault = fault };
        }
        catch (Exception broken) when (broken is EndOfStreamException or InvalidDataException)
        {
            throw new TableException($"{path}: cut short or damaged: {broken.Message} Write the log again.", broken);
        }
    }

    private static void CheckHead(FileStream file, string path)
    {
        Span<byte> head = stackalloc byte[5];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith(LogFileWriter.Magic) || head[4] != LogFileWriter.FormatVersion)
        {
            throw new TableException($"{path}: no log of format {LogFileWriter.FormatVersion}; write it again with this version.");
        }
    }

    private static LogPartition PartitionOf(string path)
    {
        var parts = Path.GetFileNameWithoutExtension(path).Split('-');
        return Enum.TryParse<LogTopic>(parts[0], ignoreCase: true, out var topic) && int.TryParse(parts[^1], out var number)
            ? new LogPartition(topic, number)
            : throw new TableException($"{path}: not of a log; its files are named served-N.log and events-N.log.");
    }
}
