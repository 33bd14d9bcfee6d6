using System.Diagnostics.Metrics;
using Ranking.Events;

namespace Ranking.Trainer;

/// <summary>How far training is, as metrics: progressive AUC and log loss, examples learned, freshness, what records came to.</summary>
internal sealed class TrainerMetrics : IProgress<TrainingStatus>, IDisposable
{
    public const string MeterName = "Ranking.Trainer";

    private readonly Meter meter = new(MeterName);
    private volatile TrainingStatus? status;

    public TrainerMetrics(TimeProvider clock)
    {
        meter.CreateObservableCounter("ranking.trainer.examples", () => Measure(now => now.Learned), description: "Examples learned from.");
        meter.CreateObservableCounter("ranking.trainer.deltas", () => Measure(now => now.Deltas), description: "Deltas published over versions.");
        meter.CreateObservableGauge(
            "ranking.trainer.freshness", () => Measure(now => (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(now.LearnedThrough)).TotalSeconds),
            "s", "Age of the newest event that is learned from.");
        meter.CreateObservableGauge("ranking.trainer.auc", () => Outputs(output => output.Auc), description: "Progressive AUC over the newest examples.");
        meter.CreateObservableGauge("ranking.trainer.log_loss", () => Outputs(output => output.LogLoss), description: "Progressive log loss over the newest examples, in nats.");
        meter.CreateObservableGauge("ranking.trainer.base_rate_log_loss", () => Outputs(output => output.BaseRateLogLoss), description: "Log loss of always predicting the newest examples' share of positives, in nats.");
        meter.CreateObservableGauge("ranking.trainer.calibration_ratio", () => Outputs(output => output.CalibrationRatio), description: "Mean predicted over mean observed on the newest examples.");
        meter.CreateObservableGauge("ranking.trainer.judged", () => Outputs(output => output.Count), description: "Newest examples that the progressive metrics are over.");
        meter.CreateObservableCounter("ranking.trainer.records", Records, description: "Records by what they came to; they add up to those received less those pending.");
        meter.CreateObservableGauge("ranking.trainer.records_pending", () => Measure(now => now.Counts.Pending), description: "Records that are waiting for a window or a served record.");
        meter.CreateObservableCounter("ranking.trainer.reconstructed", () => Measure(now => now.Counts.Reconstructed), description: "Impressions whose served record was missing.");
    }

    public void Report(TrainingStatus value) => status = value;

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<T>> Measure<T>(Func<TrainingStatus, T> value)
        where T : struct => status is { Learned: > 0 } now ? [new(value(now))] : [];

    private IEnumerable<Measurement<double>> Outputs(Func<OutputMetrics, double> value) =>
        from output in status?.Outputs ?? []
        where double.IsFinite(value(output))
        select new Measurement<double>(
            value(output), new KeyValuePair<string, object?>("task", output.Task), new KeyValuePair<string, object?>("output", output.Name));

    private IEnumerable<Measurement<long>> Records() =>
        from disposition in Enum.GetValues<Disposition>()
        where status is not null
        select new Measurement<long>(status!.Counts.Settled(disposition), new KeyValuePair<string, object?>("disposition", disposition.ToString().ToLowerInvariant()));
}
