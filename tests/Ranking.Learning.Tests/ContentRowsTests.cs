using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning.Tests;

public sealed class ContentRowsTests
{
    [Fact]
    public void Step_OfANewId_BeginsItsRowAtTheMeanOfWhatItsContentReads()
    {
        // Nothing is to be learned from examples of weight 0: the rows stay as they began.
        using var learner = Learner([1, 4], admitAfter: 1);
        learner.Step([Example(900, 1, 3, 5)]);
        var (user, tag) = (learner.Tables.Single(table => table.Name == "user"), learner.Tables.Single(table => table.Name == "tag"));
        var (unknownUser, unknownTag) = (Row(user, KeyHash.Unknown(1)), Row(tag, KeyHash.Unknown(4)));
        AssertMean(unknownUser, unknownTag, unknownTag, Row(Item(learner), new KeyHash("item").Of(900)));

        // The second example's user and one of its tags have rows by now.
        learner.Step([Example(900, 1), Example(901, 1, 3, 77)]);

        AssertMean(Row(user, new KeyHash("user").Of(1)), Row(tag, new KeyHash("tag").Of(3)), unknownTag, Row(Item(learner), new KeyHash("item").Of(901)));
    }

    [Fact]
    public void Step_BeforeTheDeclaredSighting_GivesNoRow()
    {
        using var learner = Learner([4], admitAfter: 2);
        learner.Step([Example(900, 1, 3)]);
        Assert.Equal(-1, Item(learner).Rows.Find(new KeyHash("item").Of(900)));

        // What counts is the example of the sighting that admits it.
        learner.Step([Example(900, 1, 8)]);

        var unknown = Row(learner.Tables.Single(table => table.Name == "tag"), KeyHash.Unknown(4));
        Assert.Equal(unknown, Row(Item(learner), new KeyHash("item").Of(900)));
    }

    [Fact]
    public void Step_NetworksOfTheirOwn_BeginFromTheirOwnCopies()
    {
        using var learner = Learner([4], admitAfter: 1, ArchitectureKind.SingleTask);

        learner.Step([Example(900, 1, 3)]);

        foreach (var item in learner.Tables.Where(table => table.Spec.Name == "item"))
        {
            var tag = learner.Tables.Single(table => table.Name == $"tag{item.Name["item".Length..]}");
            Assert.Equal(Row(tag, KeyHash.Unknown(4)), Row(item, new KeyHash("item").Of(900)));
        }
    }

    [Fact]
    public void SaveAndLoad_OnAnotherNumberOfThreads_BeginsTheSameRows()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var whole = Learner([1, 4, 5], admitAfter: 2);
        var batches = TestModel.Examples(2_048, seed: 1, unseen: true).Chunk(128).ToArray();
        Array.ForEach(batches[..4], batch => whole.Step(batch));
        whole.Save(folder);
        using var resumed = Ranking.Learning.Learner.Load(folder, new LearnerOptions { Threads = 1 });

        foreach (var batch in batches[4..])
        {
            whole.Step(batch);
            resumed.Step(batch);
        }

        Assert.Equal(TestModel.Predict(whole, batches[0]), TestModel.Predict(resumed, batches[0]));
        Directory.Delete(folder, true);
    }

    private static Learner Learner(ImmutableArray<int> from, int admitAfter, ArchitectureKind kind = ArchitectureKind.SharedBottom)
    {
        var spec = TestModel.Spec(kind);
        ImmutableArray<EmbeddingTableSpec> tables =
        [
            .. spec.Tables.Select(table => table.Name switch
            {
                "item" => table with { InitFrom = from, AdmitAfter = admitAfter },
                "tag" => table with { Dimension = 8 },
                _ => table,
            }),
        ];
        return new Learner(spec with { Tables = tables }, [], new LearnerOptions());
    }

    private static void AssertMean(float[] user, float[] tag, float[] otherTag, float[] row) =>
        Assert.All(row.Index(), each => Assert.Equal((user[each.Index] / 2) + ((tag[each.Index] + otherTag[each.Index]) / 4), each.Item, 1e-6f));

    private static EmbeddingTable Item(Learner learner) => learner.Tables.Single(table => table.Name == "item");

    private static float[] Row(EmbeddingTable table, ulong key) => table.Rows.Values(table.Rows.Find(key)).ToArray();

    private static Example Example(int item, int user, params long[] tags)
    {
        var (ofUser, ofItem) = (new FeatureRecordWriter(TestModel.Schema.Fingerprint), new FeatureRecordWriter(TestModel.Schema.Fingerprint));
        ofUser.Write(1, user);
        ofItem.Write(3, item);
        ofItem.WriteList(4, tags);
        return new Example
        {
            Sequence = 0,
            EventTime = 1_700_000_000_000,
            Impression = (UInt128)item,
            User = (ulong)user,
            Features = new FeatureRecords(ofUser.ToArray(), default, ofItem.ToArray(), default),
            Labels = 0,
            Observed = 3,
            Weight = 0,
        };
    }
}
