using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning.Tests;

public sealed class BoostedTreesTests
{
    private const int Users = 40;
    private static readonly TreesSpec Declared = new() { Count = 60, LearningRate = 0.2f, ExamplesPerLeaf = 50, FeatureShare = 1 };

    [Fact]
    public void Grow_LabelsThatFollowANumberInSteps_PredictsEachTaskGivenItsCondition()
    {
        using var learner = Learner(Declared);
        var examples = TestModel.Examples(60_000, seed: 1);
        learner.Grow(examples);

        // age = user / 40 where the user has a record.
        var known = examples.Where(example => example.User > 0 && !example.Features.User.IsEmpty).ToLookup(example => example.User);
        for (var user = 1; user < Users; user++)
        {
            var shown = known[(ulong)user].ToList();
            var clicked = shown.Where(example => (example.Labels & 1) == 1).ToList();
            Assert.Equal((double)clicked.Count / shown.Count, Probability(learner, "ctr_logit", user / 40f), 0.08);
            if (clicked.Count > 300)
            {
                Assert.Equal(clicked.Count(example => (example.Labels & 2) == 2) / (double)clicked.Count, Probability(learner, "cvr_logit", user / 40f), 0.12);
            }
        }
    }

    [Fact]
    public void Grow_OnAnyNumberOfThreads_GivesTheSameTrees()
    {
        using var one = Learner(Declared, threads: 1);
        using var two = Learner(Declared, threads: 2);
        one.Grow(TestModel.Examples(5_000, seed: 1));
        two.Grow(TestModel.Examples(5_000, seed: 1));

        Assert.Equal(one.Trees.Parameters, two.Trees.Parameters);
        Assert.Contains(one.Trees.Parameters["trees.cvr.leaves"], leaf => leaf != 0);
    }

    [Fact]
    public void Grow_MoreExamplesThanDeclared_TakesTheNewest()
    {
        var examples = TestModel.Examples(12_000, seed: 1);
        using var all = Learner(Declared with { Examples = 5_000 });
        using var newest = Learner(Declared);
        all.Grow(examples);
        newest.Grow(examples[^5_000..]);

        Assert.Equal(newest.Trees.Parameters, all.Trees.Parameters);
    }

    [Fact]
    public void Grow_TaskWhoseLabelsAreAllAlike_SaysNothingOfIt()
    {
        using var learner = Learner(Declared);
        learner.Grow(TestModel.Examples(5_000, seed: 1).Select(example => example with { Labels = example.Labels & 1 }));

        Assert.Equal(0.5, Probability(learner, "cvr_logit", 0.3f));
        Assert.NotEqual(0.5, Probability(learner, "ctr_logit", 0.3f));
    }

    [Fact]
    public void Grow_FewerExamplesThanTwoLeavesNeed_SaysNothing()
    {
        using var learner = Learner(Declared);
        learner.Grow(TestModel.Examples(80, seed: 1));

        Assert.Equal(0.5, Probability(learner, "ctr_logit", 0.3f));
    }

    [Fact]
    public void Grow_NegativesSampled_LearnsFromThoseKept()
    {
        using var learner = Learner(Declared, spec => spec with { Training = spec.Training with { KeepNegatives = 0.2f } });
        var examples = TestModel.Examples(20_000, seed: 1);
        learner.Grow(examples);

        var rates = examples.GroupBy(example => example.User).Where(user => user.Key > 0).Select(user => user.Average(example => example.Labels & 1));
        var mean = Enumerable.Range(1, Users - 1).Average(user => Probability(learner, "ctr_logit", user / 40f));
        Assert.Equal(rates.Average(rate => rate / (rate + (0.2 * (1 - rate)))), mean, 0.02);
    }

    [Fact]
    public void Load_OfALearnerWithTrees_PredictsTheSameAndStepsLeaveThem()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var learner = Learner(Declared);
        var examples = TestModel.Examples(4_000, seed: 1);
        learner.Grow(examples);
        learner.Step(examples.AsSpan(0, 256));
        learner.Save(folder);

        using var loaded = Learning.Learner.Load(folder, new LearnerOptions());
        Assert.Equal(learner.Trees.Parameters, loaded.Trees.Parameters);
        Assert.Equal(TestModel.Predict(learner, examples), TestModel.Predict(loaded, examples));
        Directory.Delete(folder, true);
    }

    private static Learner Learner(TreesSpec trees, Func<ModelSpec, ModelSpec>? with = null, int threads = 1)
    {
        var spec = (with ?? (same => same))(TestModel.Spec(ArchitectureKind.SharedBottom) with { Trees = trees });
        return new Learner(spec, TestModel.Transforms(spec), new LearnerOptions { Threads = threads });
    }

    private static double Probability(Learner learner, string output, float age)
    {
        var trees = learner.Graph.TreesOf(learner.Graph.Outputs.First(each => each.Name == output))!;
        using var scope = NewDisposeScope();
        return learner.Trees.Apply(trees, tensor([age, 0f]).view(1, 2)).sigmoid().item<float>();
    }
}
