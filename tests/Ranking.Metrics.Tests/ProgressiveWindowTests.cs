using CsCheck;

namespace Ranking.Metrics.Tests;

public sealed class ProgressiveWindowTests
{
    [Fact]
    public void Metrics_AnyStream_AreThoseOfTheNewestRows() =>
        Gen.Select(Samples.Tied, Gen.Int[1, 20]).Sample((rows, capacity) =>
        {
            var window = new ProgressiveWindow(capacity);
            foreach (var (score, label) in rows)
            {
                window.Add(score, label);
            }

            var newest = rows.TakeLast(capacity).ToArray();
            var (scores, labels) = Samples.Split(newest);
            Assert.Equal(newest, window.ToArray());
            Assert.Equal(labels.Count(label => label), window.Positives);
            Assert.Equal(LogLoss.Of(scores, labels), window.LogLoss, 12);
            Assert.Equal(LogLoss.OfBaseRate(window.Positives, newest.Length), window.BaseRateLogLoss, 12);
            Assert.Equal(Auc.Of(scores, labels), window.Auc);
            Assert.Equal(window.Positives == 0, !double.IsFinite(window.CalibrationRatio));
        });

    [Fact]
    public void ToArray_AddedAgain_RestoresTheSameBits()
    {
        var (probabilities, labels) = Samples.Calibrated(1, 250);
        var window = new ProgressiveWindow(100);
        for (var i = 0; i < labels.Length; i++)
        {
            window.Add(probabilities[i], labels[i]);
        }

        var restored = new ProgressiveWindow(100);
        foreach (var (probability, label) in window.ToArray())
        {
            restored.Add(probability, label);
        }

        Assert.Equal(window.LogLoss, restored.LogLoss);
    }

    [Fact]
    public void Add_NoProbability_Throws() =>
        Assert.Throws<ArgumentException>(() => new ProgressiveWindow(1).Add(float.NaN, true));
}
