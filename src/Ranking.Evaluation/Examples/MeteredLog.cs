using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>A log of known length that tells how much of it has been read.</summary>
internal sealed class MeteredLog(IEventLog log, long total, IProgress<double> progress) : IEventLog
{
    private long read;

    public ImmutableArray<LogPartition> Partitions => log.Partitions;

    public ImmutableArray<LogPosition> Start => log.Start;

    public bool IsAtEnd => log.IsAtEnd;

    public async ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var entries = await log.ReadAsync(wait, cancellation).ConfigureAwait(false);
        read += entries.Count;
        // Offsets have gaps where a broker keeps marks of its own.
        progress.Report(Math.Min(1, (double)read / Math.Max(1, total)));
        return entries;
    }

    public void Pause(IReadOnlyCollection<LogPartition> partitions) => log.Pause(partitions);

    public void Resume(IReadOnlyCollection<LogPartition> partitions) => log.Resume(partitions);

    public ValueTask DisposeAsync() => log.DisposeAsync();
}
