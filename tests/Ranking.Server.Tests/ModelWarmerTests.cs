using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public sealed class ModelWarmerTests : IDisposable
{
    private const int Candidates = 100;

    private readonly TemporaryFolder folder = new();
    private readonly ScoringThreads threads = new(1);
    private readonly ServerOptions options = new() { MaxCandidates = 10, WarmUpShare = 0.5 };
    private readonly ServerMetrics metrics = new();
    private readonly RecentRequests recent = new(TimeProvider.System);
    private readonly ScoringPipeline pipeline;
    private readonly LoadedModel served;
    private readonly LoadedModel next;

    public ModelWarmerTests()
    {
        pipeline = new ScoringPipeline(new EmptyStore(), threads, recent, metrics, TimeProvider.System);
        (served, next) = (Load("v1", 0.25), Load("v2", 0.5));
    }

    public void Dispose()
    {
        served.Release();
        next.Release();
        threads.Dispose();
        metrics.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task WarmAsync_RequestsOfLate_HaveTheirItemsKeptBeforeTheyCome()
    {
        await ScoreAsync(served);

        await Warmer().WarmAsync(next, Pace(), TestContext.Current.CancellationToken);

        var (hits, misses) = next.ItemReads;
        await ScoreAsync(next);
        Assert.Equal((hits + Candidates, misses), next.ItemReads);
    }

    [Fact]
    public async Task WarmAsync_NoRequestYet_ComputesTheItemsOfItsOwn()
    {
        await Warmer().WarmAsync(next, Pace(), TestContext.Current.CancellationToken);

        Assert.InRange(next.ItemReads.Misses, 1, 2 * options.MaxCandidates);
        Assert.Empty(recent.Of("main"));
    }

    [Fact]
    public async Task WarmDeltaAsync_RequestsOfLate_HaveTheItemsItChangesComputedBeforeTheyCome()
    {
        TestModel.PublishDrawn(folder.Path, "main", "full");
        var full = Load("full");
        TestModel.PublishDelta(folder.Path, "main", "full", "delta", (TestModel.KnownItem, 0.5f), ("new", 1));
        var delta = new LoadedModel(full.Serving.TryLoadDelta(FolderOf("delta"))!, full);
        await ScoreAsync(full, TestModel.KnownItem, "other", "new");
        var (hits, misses) = delta.ItemReads;

        await Warmer().WarmDeltaAsync(delta, Pace());

        Assert.Equal((hits, misses), delta.ItemReads);
        await ScoreAsync(delta, TestModel.KnownItem, "other", "new");
        Assert.Equal((hits + 3, misses), delta.ItemReads);
        delta.Release();
        full.Release();
    }

    [Fact]
    public async Task WarmDeltaAsync_NoTimeLeft_ComputesNothing()
    {
        await ScoreAsync(served);
        var late = new FakeTimeProvider { AutoAdvanceAmount = ModelWarmer.DeltaPatience };
        var (hits, misses) = next.ItemReads;

        await new ModelWarmer(pipeline, new RequestMapper(options, late), recent, options, late).WarmDeltaAsync(next, Pace());

        await ScoreAsync(next);
        Assert.Equal((hits, misses + Candidates), next.ItemReads);
    }

    private ModelWarmer Warmer() => new(pipeline, new RequestMapper(options, TimeProvider.System), recent, options, TimeProvider.System);

    private SwapPace Pace() => new(TimeSpan.Zero, options.WarmUpShare, TimeProvider.System);

    private string FolderOf(string version) => new FolderModelStore(folder.Path).FolderOf("main", version);

    private LoadedModel Load(string version, double ctr)
    {
        TestModel.Publish(folder.Path, "main", version, ctr);
        return Load(version);
    }

    private LoadedModel Load(string version) => new(ServingModel.Load(ModelArtifact.Open(FolderOf(version)), 1 << 20));

    private Task<(ScoringResult Result, ServedFeatures Features)> ScoreAsync(LoadedModel model) =>
        ScoreAsync(model, [.. Enumerable.Range(0, Candidates).Select(item => $"i{item}")]);

    private Task<(ScoringResult Result, ServedFeatures Features)> ScoreAsync(LoadedModel model, params string[] items) => pipeline.ScoreAsync(
        model,
        new ScoringRequest
        {
            UserId = "u",
            ItemIds = items,
            Features = RequestFeatures.None,
            Objective = model.Objectives["ctr"],
            Constants = ImmutableDictionary<string, double>.Empty,
            Time = 1_700_000_000_000,
        },
        DateTimeOffset.MaxValue,
        TestContext.Current.CancellationToken);
}
