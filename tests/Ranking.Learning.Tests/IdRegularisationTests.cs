using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning.Tests;

public sealed class IdRegularisationTests
{
    [Fact]
    public void Step_WithFrequencyDecay_HoldsRareIdsMore()
    {
        // The decay alone moves the rows: nothing is to be learned from examples of weight 0.
        using var learner = Learner(table => table with { FrequencyDecay = 0.1f });
        learner.Step([Example(900), Example(1)]);
        var (rareBefore, commonBefore) = (Row(learner, 900)!, Row(learner, 1)!);

        learner.Step([Example(900), .. Enumerable.Repeat(Example(1), 99)]);

        var rows = Item(learner).Rows;
        Assert.Equal((1, 99), (rows.ReadsOf(Find(learner, 900)), rows.ReadsOf(Find(learner, 1))));
        Assert.Equal(0.1f * rareBefore[0], Gradient(learner, 900, rareBefore), 1e-5f);
        Assert.Equal(0.1f / 99 * commonBefore[0], Gradient(learner, 1, commonBefore), 1e-5f);
    }

    [Fact]
    public void Step_WithIdDropout_TrainsTheUnknownRowInPlaceOfADeclaredShare()
    {
        using var learner = Learner(table => table with { IdDropout = 0.3f, FrequencyDecay = 1e-6f }, width: 200);
        Example[] examples = [.. Enumerable.Range(0, 200).Select(Example)];
        learner.Step(examples);
        var unknown = Item(learner).Rows.Find(KeyHash.Unknown(3));
        var before = Item(learner).Rows.ReadsOf(unknown);
        for (var step = 0; step < 50; step++)
        {
            learner.Step(examples);
        }

        Assert.Equal(200, before);
        Assert.Equal(0.3, (Item(learner).Rows.ReadsOf(unknown) - before) / (50.0 * 200), 0.02);
        Assert.InRange(Item(learner).Rows.ReadsOf(Find(learner, 17)), 20, 48);
    }

    [Fact]
    public void Step_WithIdDropout_IsAFunctionOfSeedAndStep()
    {
        using var one = Learner(table => table with { IdDropout = 0.5f });
        using var same = Learner(table => table with { IdDropout = 0.5f });
        using var other = Learner(table => table with { IdDropout = 0.5f }, seed: 2);
        foreach (var batch in TestModel.Examples(2_000, seed: 1).Chunk(128))
        {
            one.Step(batch);
            same.Step(batch);
            other.Step(batch);
        }

        var test = TestModel.Examples(100, seed: 3);
        Assert.Equal(TestModel.Predict(one, test), TestModel.Predict(same, test));
        Assert.NotEqual(TestModel.Predict(one, test), TestModel.Predict(other, test));
    }

    [Fact]
    public void Predict_WithIdDropout_DropsNothing()
    {
        using var learner = Learner(table => table with { IdDropout = 0.9f });
        var examples = TestModel.Examples(500, seed: 1);
        learner.Step(examples);

        Assert.Equal(TestModel.Predict(learner, examples), TestModel.Predict(learner, examples));
        Assert.NotEqual(Item(learner).Rows.Find(KeyHash.Unknown(3)), Find(learner, 1));
    }

    [Fact]
    public void ResetEmbeddings_DeclaredTable_BeginsAnewWithOtherRowsWhileTheRestGoesOn()
    {
        using var learner = Learner(table => table with { ResetEachEpoch = table.Name == "item" });
        var batch = TestModel.Examples(500, seed: 1);
        learner.Step(batch);
        learner.Step(batch);
        var dense = learner.Dense.State;
        var unknown = Item(learner).Rows.Values(Item(learner).Rows.Find(KeyHash.Unknown(3))).ToArray();
        var users = learner.Tables.Single(table => table.Name == "user").Rows.Count;

        learner.ResetEmbeddings();

        Assert.Equal(2, Item(learner).Rows.Count);
        Assert.Null(Row(learner, 1));
        Assert.NotEqual(unknown, Item(learner).Rows.Values(Item(learner).Rows.Find(KeyHash.Unknown(3))).ToArray());
        Assert.Equal(users, learner.Tables.Single(table => table.Name == "user").Rows.Count);
        Assert.Equal(dense, learner.Dense.State);
    }

    [Fact]
    public void SaveAndLoad_AfterAReset_GoesOnBitForBit()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var whole = Learner(table => table with { ResetEachEpoch = true, IdDropout = 0.2f, FrequencyDecay = 0.01f, AdmitAfter = 2 });
        var batches = TestModel.Examples(2_048, seed: 1).Chunk(128).ToArray();
        Array.ForEach(batches[..8], batch => whole.Step(batch));
        whole.ResetEmbeddings();
        whole.Step(batches[8]);
        whole.Save(folder);

        using var resumed = Ranking.Learning.Learner.Load(folder, new LearnerOptions());
        foreach (var batch in batches[9..])
        {
            whole.Step(batch);
            resumed.Step(batch);
        }

        Assert.Equal(whole.Dense.State, resumed.Dense.State);
        var test = TestModel.Examples(300, seed: 3);
        Assert.Equal(TestModel.Predict(whole, test), TestModel.Predict(resumed, test));
        Directory.Delete(folder, true);
    }

    private static Learner Learner(Func<EmbeddingTableSpec, EmbeddingTableSpec> change, ulong seed = 1, int width = 0)
    {
        var spec = TestModel.Spec(ArchitectureKind.SharedBottom, training: training => training with { Seed = seed, BatchSize = Math.Max(width, 128) });
        ImmutableArray<EmbeddingTableSpec> tables = [.. spec.Tables.Select(change)];
        return new Learner(spec with { Tables = tables }, [], new LearnerOptions());
    }

    private static EmbeddingTable Item(Learner learner) => learner.Tables.Single(table => table.Name == "item");

    private static int Find(Learner learner, long item) => Item(learner).Rows.Find(new KeyHash("item").Of(item));

    private static float[]? Row(Learner learner, long item) => Find(learner, item) is var row and >= 0 ? Item(learner).Rows.Values(row).ToArray() : null;

    // Row-wise Adagrad from an accumulator of 0: the mean square of the gradient is what the accumulator holds.
    private static unsafe float Gradient(Learner learner, long item, float[] before)
    {
        var row = Find(learner, item);
        var moved = (before[0] - Item(learner).Rows.Values(row)[0]) / 0.1f;
        return moved * MathF.Sqrt(Item(learner).Rows.Head(row)->Sum);
    }

    private static Example Example(int item)
    {
        var writer = new FeatureRecordWriter(TestModel.Schema.Fingerprint);
        writer.Write(3, item);
        return new Example
        {
            Sequence = 0,
            EventTime = 1_700_000_000_000,
            Impression = (UInt128)item,
            User = 1,
            Features = new FeatureRecords(default, default, writer.ToArray(), default),
            Labels = 0,
            Observed = 3,
            Weight = 0,
        };
    }
}
