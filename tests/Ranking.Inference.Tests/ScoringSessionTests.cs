using Ranking.Core;
using Ranking.Models;
using Ranking.Models.Tests;
using Ranking.Testing;

namespace Ranking.Inference.Tests;

public sealed class ScoringSessionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ServingModel model;
    private readonly FeatureEncoder encoder;
    private readonly EncodedBatch batch;
    private readonly ScoringSession session;

    public ScoringSessionTests()
    {
        model = Requests.Serve(folder, SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.Mmoe)), Machine.Widest);
        (encoder, session) = (model.CreateEncoder(), model.CreateSession());
        batch = encoder.CreateBatch();
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void UnknownItems_OfKnownUnknownAndMissingIds_AreTheUnknownOnes()
    {
        Encode(Item(3), Item(4000), default, Item(0));
        session.Score(batch);

        Assert.Equal([false, true, false, false], session.UnknownItems);
    }

    [Fact]
    public void Score_OfTwoUnknownItems_GivesThemTheSameScore()
    {
        Encode(Item(4000), Item(3), Item(5000));
        session.Score(batch);

        Assert.Equal(session.Output(0)[0], session.Output(0)[2]);
        Assert.NotEqual(session.Output(0)[0], session.Output(0)[1]);
    }

    [Fact]
    public void Score_WithoutCandidates_GivesEmptyOutputs()
    {
        Encode();
        session.Score(batch);

        Assert.True(session.Output(0).IsEmpty);
        Assert.True(session.UnknownItems.IsEmpty);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public void Score_OnceItHasSeenTheLargestRequest_AllocatesNothing(int itemCacheBytes)
    {
        using var another = ServingModel.Load(ModelArtifact.Open(folder.Path), itemCacheBytes);
        var scoring = another.CreateSession();
        var items = Enumerable.Range(0, 100).Select(id => Item(id)).ToArray();
        Encode(items);
        scoring.Score(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            scoring.Score(batch);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Score_InEightBitsOnceItHasSeenTheLargestRequest_AllocatesNothing()
    {
        using var another = new TemporaryFolder();
        using var quantized = Requests.ServeRounded(another, SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.Mmoe)), Machine.Widest);
        var scoring = quantized.CreateSession();
        Encode([.. Enumerable.Range(0, 100).Select(id => Item(id))]);
        scoring.Score(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            scoring.Score(batch);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private ReadOnlyMemory<byte> Item(long id)
    {
        var writer = new FeatureRecordWriter(model.Spec.Schema.Fingerprint);
        writer.Write(5, id);
        return writer.ToArray();
    }

    private void Encode(params ReadOnlyMemory<byte>[] items) => encoder.Encode(batch, DrawnRecords.EventTime, default, default, items, default);
}
