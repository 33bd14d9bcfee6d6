using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning.Tests;

/// <summary>
/// The gradient that a step acts by, read from what the optimisers keep, beside central differences of the cross entropy
/// of the predictions.
/// </summary>
public sealed class GradientTests
{
    private const float Distance = 0.0005f;
    private const int Probes = 120;

    [Theory]
    [MemberData(nameof(LearnerTests.Architectures), MemberType = typeof(LearnerTests))]
    public void Step_OfDenseWeights_FollowsTheDifferencesOfTheLoss(ArchitectureKind kind, bool entireSpace) =>
        CompareDenseWeights(kind, entireSpace, "");

    [Theory]
    [MemberData(nameof(TestModel.Interactions), MemberType = typeof(TestModel))]
    public void Step_OfDenseWeightsOfInteractions_FollowsTheDifferencesOfTheLoss(ArchitectureKind kind, string interactions) =>
        CompareDenseWeights(kind, entireSpace: true, interactions);

    [Theory]
    [MemberData(nameof(LearnerTests.Architectures), MemberType = typeof(LearnerTests))]
    public void Step_OfEmbeddingRows_FollowsTheDifferencesOfTheLoss(ArchitectureKind kind, bool entireSpace) =>
        CompareEmbeddingRows(kind, entireSpace, "");

    [Theory]
    [MemberData(nameof(TestModel.Interactions), MemberType = typeof(TestModel))]
    public void Step_OfEmbeddingRowsUnderInteractions_FollowsTheDifferencesOfTheLoss(ArchitectureKind kind, string interactions) =>
        CompareEmbeddingRows(kind, entireSpace: true, interactions);

    private static void CompareDenseWeights(ArchitectureKind kind, bool entireSpace, string interactions)
    {
        var examples = TestModel.Examples(96, seed: 1);
        using var learner = Admitted(kind, entireSpace, interactions, examples);
        var start = learner.Dense.State;
        var expected = Places(start[0].Length).ToDictionary(place => place, place => Slope(learner, examples, entireSpace, by =>
        {
            var moved = (float[])start[0].Clone();
            moved[place] += by;
            learner.Dense.State = [moved, start[1], start[2]];
        }));

        learner.Step(examples);

        // From nothing, Adam's first slot after one gradient is a tenth of it.
        var slot = learner.Dense.State[1];
        AssertClose(expected.Values, expected.Keys.Select(place => slot[place] / 0.1));
    }

    private static void CompareEmbeddingRows(ArchitectureKind kind, bool entireSpace, string interactions)
    {
        var examples = TestModel.Examples(96, seed: 1);
        using var learner = Admitted(kind, entireSpace, interactions, examples);
        var numbers = learner.Tables.SelectMany(table => Enumerable.Range(0, table.Rows.Used * table.Rows.Dimension)
            .Select(at => (table.Rows, Row: at / table.Rows.Dimension, Column: at % table.Rows.Dimension))).ToArray();
        var probed = Places(numbers.Length).Select(place => numbers[place]).ToArray();
        var before = probed.Select(at => at.Rows.Values(at.Row)[at.Column]).ToArray();
        var expected = probed.Select((at, i) => Slope(learner, examples, entireSpace, by => at.Rows.Values(at.Row)[at.Column] = before[i] + by)).ToArray();

        learner.Step(examples);

        // From nothing, row-wise Adagrad moves a row by −rate · gradient / √(what it now keeps of the row).
        AssertClose(expected, probed.Select((at, i) =>
            (before[i] - at.Rows.Values(at.Row)[at.Column]) / learner.Spec.Training.EmbeddingLearningRate * Math.Sqrt(Kept(at.Rows, at.Row))));
    }

    // A step without labels gives every id its row and moves nothing.
    private static Learner Admitted(ArchitectureKind kind, bool entireSpace, string interactions, Example[] examples)
    {
        var spec = TestModel.Spec(kind, entireSpace, training => training with { EmbeddingInit = 0.5f }, interactions: interactions);
        var learner = new Learner(spec, TestModel.Transforms(spec), new LearnerOptions());
        learner.Step([.. examples.Select(example => example with { Observed = 0 })]);
        return learner;
    }

    private static IEnumerable<int> Places(int count) => Enumerable.Range(0, Probes).Select(i => (int)((long)i * count / Probes));

    private static unsafe float Kept(RowTable rows, int row) => rows.Head(row)->Sum;

    private static double Slope(Learner learner, Example[] examples, bool entireSpace, Action<float> move)
    {
        move(Distance);
        var above = Loss(learner, examples, entireSpace);
        move(-Distance);
        var below = Loss(learner, examples, entireSpace);
        move(0);
        return (above - below) / (2 * Distance);
    }

    private static double Loss(Learner learner, Example[] examples, bool entireSpace)
    {
        var (outputs, width) = (TestModel.Predict(learner, examples), learner.Outputs.Length);
        return examples.Select((example, row) =>
        {
            double click = Sigmoid(outputs[row * width]), conversion = Sigmoid(outputs[(row * width) + 2]);
            var (clicked, converted) = ((example.Labels & 1) == 1, (example.Labels & 2) == 2);
            return Entropy(click, clicked) + (entireSpace ? Entropy(click * conversion, converted) : clicked ? Entropy(conversion, converted) : 0);
        }).Average();
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    private static double Entropy(double p, bool isPositive) => -Math.Log(isPositive ? p : 1 - p);

    // A difference may step over the kink of a ReLU, and a sine bends within it: the whole is held to five in a hundred, not
    // every number.
    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        var pairs = expected.Zip(actual).ToList();
        var length = Math.Sqrt(pairs.Sum(pair => pair.First * pair.First));
        var apart = Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.First - pair.Second, 2)));
        Assert.True(length > 1e-3, $"the differences have length {length}: nothing to compare with.");
        Assert.True(apart < 0.05 * length, $"gradient and differences of length {length} are {apart} apart.");
    }
}
