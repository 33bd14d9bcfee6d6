using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning.Tests;

public sealed class AttentionTests
{
    private const int Items = 40;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Step_LabelIsWhetherTheItemWasWatched_IsLearnedByAttentionAlone(bool useKernels)
    {
        using var learner = new Learner(
            TestModel.Spec(ArchitectureKind.SharedBottom, training: training => training with { EmbeddingInit = 0.3f, LearningRate = 0.01f }),
            [],
            new LearnerOptions { UseKernels = useKernels });
        foreach (var batch in Watchers(60_000, seed: 1).Chunk(200))
        {
            learner.Step(batch);
        }

        var examples = Watchers(1000, seed: 2);
        var outputs = TestModel.Predict(learner, examples);
        var hits = examples.Select((example, row) => (outputs[(row * learner.Outputs.Length) + 1] > 0.5) == ((example.Labels & 1) == 1)).Count(hit => hit);

        // Neither user nor item nor what was watched says anything by itself.
        Assert.True(hits > 900, $"{hits} of 1000 are right.");
    }

    [Fact]
    public void Predict_NoSequenceAndAnEmptyOne_AreTheSame()
    {
        using var learner = new Learner(TestModel.Spec(ArchitectureKind.Mmoe), [], new LearnerOptions());
        learner.Step(Watchers(500, seed: 1));
        var empty = new FeatureRecordWriter(TestModel.Schema.Fingerprint);
        empty.WriteSequence(6, 0, 4, []);
        Example[] examples = [.. new ReadOnlyMemory<byte>[] { default, empty.ToArray() }.Select(user =>
            Watchers(1, seed: 3)[0] with { Features = new FeatureRecords(user, default, default, default) })];

        var outputs = TestModel.Predict(learner, examples);
        Assert.Equal(outputs[..(outputs.Length / 2)], outputs[(outputs.Length / 2)..]);
    }

    [Fact]
    public void Step_IdsOfSequencesAlone_AreNotAdmitted()
    {
        using var learner = new Learner(TestModel.Spec(ArchitectureKind.Mmoe), [], new LearnerOptions());
        var watched = Watchers(50, seed: 1);
        learner.Step([.. watched.Select(example => example with { Features = example.Features with { Item = default } })]);

        Assert.Equal(2, learner.Tables.Single(table => table.Name == "item").Rows.Used);
        Assert.True(learner.Tables.Single(table => table.Name == "watched.age").Rows.Used > 2);
    }

    // Half of the items were among the five that their user watched.
    private static Example[] Watchers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (user, item, cells) = (new FeatureRecordWriter(TestModel.Schema.Fingerprint), new FeatureRecordWriter(TestModel.Schema.Fingerprint), new SequenceCells());
            var watched = Enumerable.Range(0, Items).OrderBy(_ => random.Next()).Take(5).ToArray();
            var isWatched = random.Next(2) == 0;
            foreach (var one in watched)
            {
                cells.Add(one);
                cells.Add(0L);
                cells.AddMissing();
                cells.Add(1_700_000_000_000);
            }

            user.WriteSequence(6, watched.Length, 4, cells.Written);
            item.Write(3, isWatched ? watched[random.Next(5)] : Enumerable.Range(0, Items).Except(watched).ElementAt(random.Next(Items - 5)));
            return new Example
            {
                Sequence = i,
                EventTime = 1_700_000_001_000,
                Impression = (UInt128)i,
                User = 1,
                Features = new FeatureRecords(user.ToArray(), default, item.ToArray(), default),
                Labels = isWatched ? 1u : 0,
                Observed = 1,
            };
        })];
    }
}
