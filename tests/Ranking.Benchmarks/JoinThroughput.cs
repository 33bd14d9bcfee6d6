using System.Diagnostics;
using Ranking.Core;
using Ranking.Events;
using Ranking.Testing;
using Ranking.Trainer;

namespace Ranking.Benchmarks;

/// <summary>
/// Impressions, clicks and conversions a second of processor time (garbage collection counted), from the bytes of
/// Kafka's records over merge and join to examples; once with a budget that holds everything and once with one that
/// sends most of it to disk.
/// </summary>
internal sealed class JoinThroughput : Benchmark
{
    private const int Requests = 8_000;
    private const int Shown = 20;
    private const int Rounds = 5;

    public override string Name => "join";

    public override string Description => "impressions, clicks and conversions a second a core, from Kafka's bytes to examples";

    public override Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var log = new JoinLog(Requests, Shown);
        figures.Add("requests", Requests);
        figures.Add("items_per_served_record", JoinLog.Items);
        figures.Add("raw_features_per_item", JoinLog.Features);
        figures.Add("impressions_per_request", Shown);
        figures.Add("served_record_bytes", log.ServedBytes);
        figures.Add("events", log.Events);
        Join(log, new JoinSpec(), out _);
        figures.Add("events_per_second_per_core_spilling", Median(log, new JoinSpec { MemoryEntries = 20_000 }, out _, cancellation));
        figures.Add("events_per_second_per_core", Median(log, new JoinSpec(), out var pending, cancellation));
        figures.Add("impressions_pending_at_most", pending);
        return Task.CompletedTask;
    }

    private static double Median(JoinLog log, JoinSpec spec, out long pending, CancellationToken cancellation)
    {
        var rates = new double[Rounds];
        pending = 0;
        for (var round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            GC.Collect();
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            Join(log, spec, out pending);
            rates[round] = log.Events / (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        }

        Array.Sort(rates);
        return rates[Rounds / 2];
    }

    private static void Join(JoinLog log, JoinSpec spec, out long pending)
    {
        using var folder = new TemporaryFolder();
        using var spill = new RocksDbSpill(folder.Combine("spill"));
        var output = new Counting();
        var merge = new EventMerge(JoinLog.All.Select(partition => MergePosition.Start(partition)), spec.MaxAhead);
        var join = new LabelJoin(
            new TaskSet(
            [
                new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromMinutes(10) },
                new RankingTask { Name = "cvr", Outcome = "conversion", Given = "ctr", Window = TimeSpan.FromMinutes(30) },
            ]),
            spec,
            output,
            output,
            spill);
        pending = 0;
        var taken = 0;
        foreach (var entry in log.Decode())
        {
            merge.Add(entry);
            while (merge.TryTake(out var merged))
            {
                join.Process(merged);
                if (++taken % 10_000 == 0)
                {
                    pending = Math.Max(pending, join.Counts.Received(RecordKind.Impression) - (output.Examples / 2));
                }
            }
        }

        join.End();
        if (output.Examples != 2 * log.Impressions || join.Counts.Reconstructed > 0 || join.Counts.Pending > 0)
        {
            throw new InvalidOperationException($"{log.Impressions} impressions gave {output.Examples} examples, {join.Counts.Reconstructed} reconstructed.");
        }
    }

    private sealed class Counting : IJoinOutput, IEntityTables
    {
        public long Examples { get; private set; }

        public void Impression(in JoinedImpression impression)
        {
        }

        public void Example(Example example) => Examples++;

        public void Settled(in Settlement settlement)
        {
        }

        public ReadOnlyMemory<byte> User(string userId) => default;

        public ReadOnlyMemory<byte> Item(string itemId) => default;
    }
}
