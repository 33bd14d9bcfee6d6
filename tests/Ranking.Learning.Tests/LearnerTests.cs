using Ranking.Core;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Learning.Tests;

public sealed class LearnerTests
{
    public static TheoryData<ArchitectureKind, bool> Architectures => new()
    {
        { ArchitectureKind.SingleTask, false }, { ArchitectureKind.SingleTask, true },
        { ArchitectureKind.SharedBottom, false }, { ArchitectureKind.SharedBottom, true },
        { ArchitectureKind.Mmoe, false }, { ArchitectureKind.Mmoe, true },
    };

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Step_OnLearnableExamples_RaisesTheAreaUnderTheCurve(ArchitectureKind kind, bool entireSpace)
    {
        using var learner = new Learner(TestModel.Spec(kind, entireSpace), [], new LearnerOptions());
        var test = TestModel.Examples(4000, seed: 2);
        var before = Auc(learner, test);

        foreach (var batch in TestModel.Examples(15_000, seed: 1).Chunk(256))
        {
            learner.Step(batch);
        }

        var after = Auc(learner, test);
        Assert.InRange(before, 0.3, 0.7);
        Assert.InRange(after, 0.8, 1);
    }

    [Fact]
    public void Step_Members_LearnsEachByItsOwnLoss()
    {
        using var alone = new Learner(TestModel.Spec(ArchitectureKind.Mmoe), [], new LearnerOptions());
        using var beside = new Learner(TestModel.Spec(ArchitectureKind.Mmoe, interactions: "members"), [], new LearnerOptions());
        foreach (var batch in TestModel.Examples(2_000, seed: 1).Chunk(256))
        {
            alone.Step(batch);
            beside.Step(batch);
        }

        // One network of the model is what it would be by itself, so that the mean is of networks that know nothing of each other.
        var (own, all) = (alone.Weights, beside.Weights);
        Assert.All(own.Keys, name => Assert.Equal(own[name], all[name]));
        Assert.True(own.Count < all.Count);
    }

    [Fact]
    public void Join_NetworksLearnedApart_IsTheModelThatLearnedThemSideBySide()
    {
        var spec = TestModel.Spec(ArchitectureKind.Mmoe, interactions: "members", admitAfter: 2);
        using var beside = new Learner(spec, [], new LearnerOptions());
        var apart = Enumerable.Range(0, 3).Select(network => new Learner(spec, [], new LearnerOptions(), network)).ToList();
        var batches = TestModel.Examples(2_000, seed: 1).Chunk(256).ToList();
        batches[..4].ForEach(batch => { beside.Step(batch); apart.ForEach(learner => learner.Step(batch)); });
        using var folder = new TemporaryFolder();
        apart[1].Save(folder.Path);
        apart[1].Dispose();
        apart[1] = Learner.Load(folder.Path, new LearnerOptions());
        using var joined = Learner.Join(apart);
        apart.ForEach(learner => learner.Dispose());
        batches[4..].ForEach(batch => { beside.Step(batch); joined.Step(batch); });

        var test = TestModel.Examples(500, seed: 2, unseen: true);
        Assert.Equal(beside.Weights.OrderBy(weight => weight.Key), joined.Weights.OrderBy(weight => weight.Key));
        Assert.Equal(TestModel.Predict(beside, test), TestModel.Predict(joined, test));
        Assert.Equal((beside.Steps, beside.Clock), (joined.Steps, joined.Clock));
    }

    [Fact]
    public void Predict_MembersWithLossWeights_MeansTheirLogitsByTheWeightOfTheTask()
    {
        var spec = TestModel.Spec(ArchitectureKind.Mmoe, interactions: "members");
        var apart = Enumerable.Range(0, 3).Select(network => new Learner(spec, [], new LearnerOptions(), network)).ToList();
        foreach (var batch in TestModel.Examples(1_000, seed: 1).Chunk(256))
        {
            apart.ForEach(learner => learner.Step(batch));
        }

        using var joined = Learner.Join(apart);
        var test = TestModel.Examples(100, seed: 2);
        var (all, networks) = (TestModel.Predict(joined, test), apart.ConvertAll(learner => TestModel.Predict(learner, test)));
        apart.ForEach(learner => learner.Dispose());

        // The second network's loss counts the conditional task by a quarter.
        foreach (var (output, weights) in joined.Outputs.Index().Where(output => output.Item.Kind == OutputKind.Logit).Zip(new[] { new[] { 1f, 1, 1 }, [1, 0.25f, 1] }))
        {
            for (var at = output.Index; at < all.Length; at += joined.Outputs.Length)
            {
                Assert.Equal(networks.Zip(weights, (network, weight) => network[at] * weight).Sum() / weights.Sum(), all[at], 1e-5f);
            }
        }
    }

    [Fact]
    public void Step_LossWeightsOfANetwork_AreThoseOfItsLossAlone()
    {
        var (plain, members) = (TestModel.Spec(ArchitectureKind.Mmoe), TestModel.Spec(ArchitectureKind.Mmoe, interactions: "members"));
        var tasks = new TaskSet([plain.Tasks.Tasks[0], plain.Tasks.Tasks[1] with { LossWeight = 0.2f }]);
        using var alone = new Learner(plain with { Tasks = tasks }, [], new LearnerOptions());
        using var beside = new Learner(members with { Architecture = members.Architecture with { LossWeights = [1, 0.2f] } }, [], new LearnerOptions());
        using var same = new Learner(members, [], new LearnerOptions());
        foreach (var batch in TestModel.Examples(1_000, seed: 1).Chunk(256))
        {
            alone.Step(batch);
            beside.Step(batch);
            same.Step(batch);
        }

        var (own, all, unweighted) = (alone.Weights, beside.Weights, same.Weights);
        Assert.All(all.Keys, name => Assert.Equal(own.ContainsKey(name) ? own[name] : unweighted[name], all[name]));
        Assert.NotEqual(unweighted["tower.cvr.logit.weight"], all["tower.cvr.logit.weight"]);
    }

    [Fact]
    public void Weights_OfFrequencies_BeginWithTheDeclaredDeviation()
    {
        var plain = TestModel.Spec(ArchitectureKind.SharedBottom);
        var embedding = new NumericEmbedding { Kind = NumericEmbeddingKind.Periodic, Frequencies = 256, Deviation = 3 };
        var features = plain.Schema.Features.Select(feature => feature.Name == "age" ? feature with { Embedding = embedding } : feature);
        using var learner = new Learner(plain with { Schema = new FeatureSchema(features) }, [], new LearnerOptions());

        var frequencies = learner.Weights["periodic.age.weight"];

        Assert.Equal(512, frequencies.Length);
        Assert.InRange(frequencies.Average(), -0.5, 0.5);
        Assert.InRange(Math.Sqrt(frequencies.Average(frequency => frequency * frequency)), 2.7, 3.3);
        Assert.All(learner.Weights["periodic.age.bias"], phase => Assert.Equal(0, phase));
    }

    [Theory]
    [InlineData(DenseInit.Glorot)]
    [InlineData(DenseInit.FanIn)]
    public void Weights_OfALayer_BeginWithinTheDeclaredLimit(DenseInit init)
    {
        var spec = TestModel.Spec(ArchitectureKind.SharedBottom);
        using var learner = new Learner(spec with { Architecture = spec.Architecture with { DenseInit = init } }, [], new LearnerOptions());
        var layer = learner.Graph.Parameters.First(parameter => parameter is { Rows: > 20, Columns: 32 });
        var limit = init == DenseInit.FanIn ? 1 / Math.Sqrt(layer.Rows) : Math.Sqrt(6.0 / (layer.Rows + layer.Columns));

        Assert.InRange(learner.Weights[layer.Name].Max(Math.Abs), 0.95 * limit, limit);
    }

    private static double Auc(Learner learner, Example[] examples)
    {
        var width = learner.Outputs.Length;
        var outputs = TestModel.Predict(learner, examples);
        var ctr = learner.Outputs.Single(output => output.Name == "ctr");
        var column = learner.Outputs.IndexOf(ctr);
        var scores = examples.Select((example, i) => (Score: outputs[(i * width) + column], Label: example.Labels & 1)).ToList();
        var positives = scores.Where(score => score.Label == 1).Select(score => score.Score).ToList();
        var negatives = scores.Where(score => score.Label == 0).Select(score => score.Score).ToList();
        return positives.Take(300).Sum(positive => negatives.Take(300).Sum(negative => positive > negative ? 1 : positive < negative ? 0 : 0.5))
            / Math.Min(300, positives.Count) / Math.Min(300, negatives.Count);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void SaveAndLoad_BetweenTwoSteps_GoesOnBitForBit(ArchitectureKind kind, bool entireSpace)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var spec = TestModel.Spec(kind, entireSpace, training => training with { KeepNegatives = 0.7f }, admitAfter: 2, TimeSpan.FromSeconds(60), dropout: 0.2f);
        var batches = TestModel.Examples(4096, seed: 1).Chunk(128).ToArray();
        using var whole = new Learner(spec, [], new LearnerOptions());
        Array.ForEach(batches, batch => whole.Step(batch));
        using (var half = new Learner(spec, [], new LearnerOptions()))
        {
            Array.ForEach(batches[..16], batch => half.Step(batch));
            half.Save(folder);
        }

        using var resumed = Learner.Load(folder, new LearnerOptions());
        Array.ForEach(batches[16..], batch => resumed.Step(batch));

        Assert.Equal(whole.Steps, resumed.Steps);
        Assert.Equal(whole.Dense.State, resumed.Dense.State);
        var test = TestModel.Examples(300, seed: 3);
        Assert.Equal(TestModel.Predict(whole, test), TestModel.Predict(resumed, test));
        Directory.Delete(folder, true);
    }
}
