using System.Collections.Immutable;
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

        await new ModelWarmer(pipeline, new RequestMapper(options, TimeProvider.System), recent, options)
            .WarmAsync(next, new SwapPace(TimeSpan.Zero, options.WarmUpShare, TimeProvider.System), TestContext.Current.CancellationToken);

        var (hits, misses) = next.ItemReads;
        Assert.InRange(misses, Candidates, long.MaxValue);
        await ScoreAsync(next);
        Assert.Equal((hits + Candidates, misses), next.ItemReads);
    }

    [Fact]
    public async Task WarmAsync_NoRequestYet_ComputesTheItemsOfItsOwn()
    {
        await new ModelWarmer(pipeline, new RequestMapper(options, TimeProvider.System), recent, options)
            .WarmAsync(next, new SwapPace(TimeSpan.Zero, options.WarmUpShare, TimeProvider.System), TestContext.Current.CancellationToken);

        Assert.InRange(next.ItemReads.Misses, 1, 2 * options.MaxCandidates);
        Assert.Empty(recent.Of("main"));
    }

    private LoadedModel Load(string version, double ctr)
    {
        TestModel.Publish(folder.Path, "main", version, ctr);
        return new LoadedModel(ServingModel.Load(ModelArtifact.Open(new FolderModelStore(folder.Path).FolderOf("main", version)), 1 << 20));
    }

    private Task<(ScoringResult Result, ServedFeatures Features)> ScoreAsync(LoadedModel model) => pipeline.ScoreAsync(
        model,
        new ScoringRequest
        {
            UserId = "u",
            ItemIds = [.. Enumerable.Range(0, Candidates).Select(item => $"i{item}")],
            Features = RequestFeatures.None,
            Objective = model.Objectives["ctr"],
            Constants = ImmutableDictionary<string, double>.Empty,
            Time = 1_700_000_000_000,
        },
        DateTimeOffset.MaxValue,
        TestContext.Current.CancellationToken);
}
