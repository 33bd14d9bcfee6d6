using System.Diagnostics.Metrics;

namespace Ranking.FeatureStore;

/// <summary>What the store reports under the meter <c>Ranking.FeatureStore</c>.</summary>
internal sealed class FeatureStoreMetrics : IDisposable
{
    public const string MeterName = "Ranking.FeatureStore";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> reads;
    private readonly Histogram<double> latency;

    public FeatureStoreMetrics(Func<int> cacheEntries)
    {
        reads = meter.CreateCounter<long>("ranking.features.read", "{key}", "Keys read, by where the answer came from: cache, shared (another read's), store, unavailable.");
        latency = meter.CreateHistogram<double>("ranking.features.batch.duration", "s", "One pipelined batch of reads, from sending to the last reply.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.0002, .0005, .001, .002, .003, .005, .01, .02, .05, .1, .5, 1] });
        meter.CreateObservableGauge("ranking.features.cache.entries", cacheEntries, "{key}", "Keys in the process's cache, those whose time is up or whose record gave way among them.");
    }

    public void CountReads(string source, int keys)
    {
        if (keys > 0)
        {
            reads.Add(keys, new KeyValuePair<string, object?>("source", source));
        }
    }

    public void RecordBatch(TimeSpan elapsed) => latency.Record(elapsed.TotalSeconds);

    public void Dispose() => meter.Dispose();
}
