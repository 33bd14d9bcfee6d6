using System.Diagnostics.Metrics;
using Ranking.Core;
using Ranking.Events;

namespace Ranking.Trainer.Tests;

public sealed class TrainerMetricsTests
{
    [Fact]
    public void Report_OutputsOfATask_AreMeasuredByTaskAndOutput()
    {
        using var metrics = new TrainerMetrics(TimeProvider.System);
        metrics.Report(new TrainingStatus
        {
            Learned = 100,
            LearnedThrough = 0,
            Counts = new LabelJoin(TinyWorld.Model.Tasks, TinyWorld.Job.Join, TinyWorld.Job.Entities, new Nowhere()).Counts,
            Outputs =
            [
                new OutputMetrics("ctr", "ctr", 50, 0.75, 0.5, 0.6, 1.1),
                new OutputMetrics("ctcvr", "cvr", 40, double.NaN, 0.2, 0.3, double.PositiveInfinity),
            ],
        });

        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == TrainerMetrics.MeterName)
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (tags.Length == 2)
            {
                measured[$"{instrument.Name} {tags[0].Value} {tags[1].Value}"] = value;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(0.75, measured["ranking.trainer.auc ctr ctr"]);
        Assert.Equal(0.2, measured["ranking.trainer.log_loss cvr ctcvr"]);
        Assert.Equal(0.6, measured["ranking.trainer.base_rate_log_loss ctr ctr"]);
        Assert.Equal(1.1, measured["ranking.trainer.calibration_ratio ctr ctr"]);
        Assert.Equal(40, measured["ranking.trainer.judged cvr ctcvr"]);
        // What is not defined is not measured.
        Assert.DoesNotContain("ranking.trainer.auc cvr ctcvr", measured.Keys);
        Assert.DoesNotContain("ranking.trainer.calibration_ratio cvr ctcvr", measured.Keys);
    }

    private sealed class Nowhere : IJoinOutput
    {
        public void Impression(in JoinedImpression impression)
        {
        }

        public void Example(Example example)
        {
        }

        public void Settled(in Settlement settlement)
        {
        }
    }
}
