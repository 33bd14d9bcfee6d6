using Ranking.Core;
using Ranking.Models;

namespace Ranking.Trainer.Tests;

public sealed class ProgressiveMetricsTests
{
    private static readonly ScoringGraph graph = Architecture.Build(TinyWorld.Model);
    private readonly ProgressiveMetrics metrics = new(graph.Outputs, TinyWorld.Model.Tasks);

    [Fact]
    public void Add_FunnelOfExamples_JudgesEachOutputOnItsOwn()
    {
        Add(0b00, 0.2f, 0.9f);
        Add(0b01, 0.6f, 0.3f);
        Add(0b11, 0.5f, 0.8f);

        Assert.Equal([("ctr", "ctr", 3), ("cvr", "cvr", 2), ("ctcvr", "cvr", 3)], metrics.Current.Select(output => (output.Name, output.Task, output.Count)));
        // A conversion is judged among clicks: the impression without one does not count, however high it was.
        Assert.Equal([1, 1, 1], metrics.Current.Select(output => output.Auc));
        Assert.Equal(-(Math.Log(0.7) + Math.Log(0.8)) / 2, metrics.Current[1].LogLoss, 6);
        Assert.Equal(1.3 / 2, metrics.Current[0].CalibrationRatio, 6);
    }

    [Fact]
    public void Add_NotPredictedOrNotFinite_IsNotJudged()
    {
        metrics.Add(Example(0b01, default));
        Add(0b01, float.NaN, 0.5f);

        Assert.Equal([0, 1, 0], metrics.Current.Select(output => output.Count));
    }

    private void Add(uint labels, float ctr, float cvr)
    {
        var predicted = new float[graph.Outputs.Length];
        for (var i = 0; i < predicted.Length; i++)
        {
            predicted[i] = graph.Outputs[i].Name switch { "ctr" => ctr, "cvr" => cvr, "ctcvr" => ctr * cvr, _ => 0 };
        }

        metrics.Add(Example(labels, predicted));
    }

    private static Example Example(uint labels, ReadOnlyMemory<float> predicted) => new()
    {
        Sequence = 0,
        EventTime = 0,
        Impression = 1,
        User = 1,
        Features = default,
        Labels = labels,
        Observed = 0b11,
        Predicted = predicted,
    };
}
