using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning.Tests;

public sealed class StepTests
{
    [Fact]
    public void Step_WithEveryLabelMasked_ChangesNoWeightAndNoRow()
    {
        using var learner = new Learner(TestModel.Spec(ArchitectureKind.Mmoe, entireSpace: true), [], new LearnerOptions());
        var examples = TestModel.Examples(64, seed: 1);
        learner.Step(examples);
        var before = TestModel.Predict(Fresh(learner), examples);

        using var masked = Fresh(learner);
        var result = masked.Step([.. examples.Select(example => With(example, example.Labels, observed: 0))]);

        Assert.Equal(0, result.Loss);
        Assert.All(result.TaskLosses, loss => Assert.True(double.IsNaN(loss)));
        Assert.Equal(before, TestModel.Predict(masked, examples));
    }

    [Fact]
    public void Step_OfAConditionalTask_CountsOnlyRowsWhoseConditionIsMet()
    {
        using var learner = new Learner(TestModel.Spec(ArchitectureKind.SharedBottom), [], new LearnerOptions());

        var result = learner.Step([.. TestModel.Examples(64, seed: 1).Select(example => With(example, labels: 0, observed: 3))]);

        Assert.False(double.IsNaN(result.TaskLosses[0]));
        Assert.True(double.IsNaN(result.TaskLosses[1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_Loss_IsTheCrossEntropyOfThePredictions(bool entireSpace)
    {
        using var learner = new Learner(TestModel.Spec(ArchitectureKind.Mmoe, entireSpace), [], new LearnerOptions());
        var examples = TestModel.Examples(128, seed: 1);
        for (var i = 0; i < 2; i++)
        {
            learner.Step(examples);
        }

        var outputs = TestModel.Predict(learner, examples);
        var width = learner.Outputs.Length;
        var expected = examples.Select((example, row) =>
        {
            var (ctr, cvr, joint) = (outputs[(row * width) + 1], outputs[(row * width) + 3], outputs[(row * width) + 4]);
            var second = entireSpace ? Entropy(joint, example.Labels >> 1) : (example.Labels & 1) == 1 ? Entropy(cvr, example.Labels >> 1) : 0;
            return Entropy(ctr, example.Labels & 1) + second;
        }).Average();

        Assert.Equal(expected, learner.Step(examples).Loss, 1e-4);
    }

    private static double Entropy(double p, uint label) => -Math.Log(label == 1 ? p : 1 - p);

    // The first step makes rows, which the second would read where the first read unknown ones.
    private static Learner Fresh(Learner learner)
    {
        var fresh = new Learner(learner.Spec, [], new LearnerOptions());
        for (var i = 0; i < fresh.Tables.Length; i++)
        {
            Admit(fresh.Tables[i], new TableSource(learner.Tables[i]));
        }

        return fresh;
    }

    private static void Admit(EmbeddingTable table, TableSource source)
    {
        var keys = new ulong[source.Count];
        source.CopyKeys(keys);
        foreach (var key in keys.Where(key => table.Rows.Find(key) < 0))
        {
            table.Sight(key, 1);
        }
    }

    private static Example With(Example example, uint labels, uint observed) => new()
    {
        Sequence = example.Sequence,
        EventTime = example.EventTime,
        Impression = example.Impression,
        User = example.User,
        Features = example.Features,
        Labels = labels,
        Observed = observed,
    };
}
