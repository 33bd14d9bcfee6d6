using System.Diagnostics.Metrics;

namespace Ranking.FeatureStore.Tests;

/// <summary>Listens to one instrument of the store.</summary>
internal sealed class Metric<T> : IDisposable
    where T : struct
{
    private readonly MeterListener listener = new();

    public Metric(string name, Action<T> onValue)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == RedisFeatureStore.MeterName && instrument.Name == name)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<T>((_, value, _, _) => onValue(value));
        listener.Start();
    }

    public void Observe() => listener.RecordObservableInstruments();

    public void Dispose() => listener.Dispose();
}

/// <summary>Tests that read metrics: all stores of a process share the meter, so no other test runs beside these.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetricReaders
{
    public const string Name = "metrics";
}
