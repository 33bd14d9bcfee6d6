using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ranking.Streaming;

namespace Ranking.Server;

/// <summary>What the server reports under the meter <c>Ranking.Server</c>.</summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "Ranking.Server";

    private readonly Meter meter = new(MeterName);
    private readonly Histogram<double> duration;
    private readonly Histogram<int> candidates;
    private readonly Counter<long> flaggedItems;
    private readonly Counter<long> swaps;
    private readonly Counter<long> refusals;
    private readonly Counter<long> served;
    private readonly Counter<long> refused;
    private readonly Counter<double> scoring;

    public ServerMetrics()
    {
        duration = meter.CreateHistogram<double>("ranking.request.duration", "s", "Rank and Score, from the message to the answer, by model and outcome (the gRPC status).",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.0005, .001, .002, .003, .005, .0075, .01, .015, .02, .03, .05, .1, .25, .5, 1, 2.5] });
        candidates = meter.CreateHistogram<int>("ranking.request.candidates", "{item}", "Candidates of a request.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [10, 50, 100, 200, 500, 1000, 2000] });
        flaggedItems = meter.CreateCounter<long>("ranking.items.flagged", "{item}", "Items scored without something, by flag.");
        swaps = meter.CreateCounter<long>("ranking.model.swaps", "{version}", "Versions that began to be served.");
        refusals = meter.CreateCounter<long>("ranking.model.refusals", "{version}", "Versions that were not taken.");
        served = meter.CreateCounter<long>("ranking.served_records", "{record}", "Served records, by outcome: queued, or dropped because the queue was full.");
        refused = meter.CreateCounter<long>("ranking.requests.refused", "{request}", "Requests that were not taken, by reason: more work ahead than the queue's limit, or than the deadline leaves time for.");
        scoring = meter.CreateCounter<double>("ranking.scoring.time", "s", "Time of the scoring threads, by outcome: answered, or in_vain where the caller's deadline passed or it gave up.");
    }

    /// <summary>Reports the version of each model as a gauge that is always 1.</summary>
    public void WatchVersions(ModelRegistry registry) =>
        meter.CreateObservableGauge("ranking.model.info", () => registry.Slots
            .Where(slot => slot.CurrentVersion is not null)
            .Select(slot => new Measurement<int>(1, Tag("model", slot.Name), Tag("version", slot.CurrentVersion!))), "{version}", "The version that is served.");

    /// <summary>Reports how often the versions of each model had an item's half already.</summary>
    public void WatchItems(ModelRegistry registry) =>
        meter.CreateObservableGauge("ranking.items.cached", () => registry.Slots.SelectMany(ItemReads), "{item}", "Candidates of requests, the server's own at a swap too, by whether the item's half of the model was kept (hit) or computed (miss); of all versions that keep items in the same memory.");

    /// <summary>Reports what waits to be scored.</summary>
    public void WatchQueue(ScoringThreads threads, AdmissionControl admission)
    {
        meter.CreateObservableGauge("ranking.queue.requests", () => threads.Waiting, "{request}", "Requests whose features are there and that wait for a scoring thread.");
        meter.CreateObservableGauge("ranking.queue.seconds", () => admission.Ahead.TotalSeconds, "s", "How long the requests that were taken and are not answered will take, as estimated from their length.");
    }

    /// <summary>Reports what the log's client still has to send and what Kafka did not take in the end.</summary>
    public void WatchLog(KafkaEventPublisher publisher)
    {
        meter.CreateObservableGauge("ranking.log.queued", () => publisher.Queued, "{record}", "Served records that wait to be sent to Kafka.");
        meter.CreateObservableCounter("ranking.log.failed", () => publisher.Failed, "{record}", "Served records that were queued and that Kafka did not take in the end.");
    }

    public void RecordRequest(string model, string outcome, long start) =>
        duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, Tag("model", model), Tag("outcome", outcome));

    public void RecordItems(string model, ScoringResult result)
    {
        candidates.Record(result.Scores.Length, Tag("model", model));
        Span<int> counts = stackalloc int[5];
        foreach (var flags in result.ItemFlags)
        {
            for (var bit = 0; flags != ItemFlags.None && bit < counts.Length; bit++)
            {
                counts[bit] += (int)((uint)flags >> bit & 1);
            }
        }

        for (var bit = 0; bit < counts.Length; bit++)
        {
            if (counts[bit] > 0)
            {
                flaggedItems.Add(counts[bit], Tag("model", model), Tag("flag", ((ItemFlags)(1u << bit)).ToString()));
            }
        }
    }

    public void CountSwap(string model) => swaps.Add(1, Tag("model", model));

    public void CountRefusal(string model) => refusals.Add(1, Tag("model", model));

    public void CountServed(string model, bool queued) =>
        served.Add(1, Tag("model", model), Tag("outcome", queued ? "queued" : "dropped"));

    public void CountRefused(AdmissionRefusal reason) => refused.Add(1, Tag("reason", reason.ToString()));

    public void CountScoring(TimeSpan taken, bool isAnswered) =>
        scoring.Add(taken.TotalSeconds, Tag("outcome", isAnswered ? "answered" : "in_vain"));

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<long>> ItemReads(ModelSlot slot)
    {
        using var lease = slot.Acquire();
        return lease is null ? [] :
        [
            new(lease.Model.ItemReads.Hits, Tag("model", slot.Name), Tag("result", "hit")),
            new(lease.Model.ItemReads.Misses, Tag("model", slot.Name), Tag("result", "miss")),
        ];
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
