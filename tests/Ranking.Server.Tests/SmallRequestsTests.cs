using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public sealed class SmallRequestsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly ScoringThreads threads = new(1);
    private readonly ServerMetrics metrics = new();
    private readonly LoadedModel model;
    private readonly ScoringPipeline pipeline;

    public SmallRequestsTests()
    {
        TestModel.PublishDrawn(folder.Path, "main", "v1");
        model = new LoadedModel(ServingModel.Load(ModelArtifact.Open(new FolderModelStore(folder.Path).FolderOf("main", "v1")), itemCacheBytes: 100_000));
        pipeline = new ScoringPipeline(new EmptyStore(), threads, new RecentRequests(TimeProvider.System), metrics, TimeProvider.System);
    }

    public void Dispose()
    {
        threads.Dispose();
        metrics.Dispose();
        model.Release();
        folder.Dispose();
    }

    [Fact]
    public async Task ScoreAsync_OfMany_GivesEachTheBitsThatItHasAlone()
    {
        int[] candidates = [1, 3, 1, 10, 7, 1, 1, 2, 5, 1, 10, 10, 10, 10, 10, 10, 4, 1, 11];
        ScoringRequest[] requests = [.. candidates.Select(Request)];
        var alone = new List<float[]>();
        foreach (var request in requests)
        {
            alone.Add(await ScoreAsync(request));
        }

        var together = await WhileTheThreadIsBusy(() => requests.Select(request => ScoreAsync(request)).ToArray());

        Assert.Equal(alone, await Task.WhenAll(together));
        Assert.Equal(candidates.Sum(), alone.SelectMany(scores => scores).Distinct().Count());
    }

    [Fact]
    public async Task ScoreAsync_OfManyOfWhichSomeGiveUp_AnswersTheOthers()
    {
        using var caller = new CancellationTokenSource();
        var alone = await ScoreAsync(Request(1, 5));

        var together = await WhileTheThreadIsBusy(() =>
        {
            var asked = Enumerable.Range(0, 8).Select(number => number switch
            {
                2 => ScoreAsync(Request(1, 5), caller: caller),
                6 => ScoreAsync(Request(1, 5), until: Now),
                _ => ScoreAsync(Request(1, 5)),
            }).ToArray();
            caller.Cancel();
            return asked;
        });

        Assert.All(together.Index(), one => Assert.Equal(one.Index is 2 or 6 ? TaskStatus.Canceled : TaskStatus.RanToCompletion, one.Item.Status));
        Assert.Equal(alone, await together[7]);
    }

    [Fact]
    public void Take_MoreThanABlockHolds_LeavesTheRestToTheNextTurn()
    {
        var small = new SmallRequests();
        for (var number = 0; number < 12; number++)
        {
            small.Add(new ScoringWork(model, Request(10, number), null, default, Now, TimeProvider.System, CancellationToken.None));
        }

        Assert.Equal((9, 3, 0), (small.Take().Count, small.Take().Count, small.Take().Count));
    }

    // Those that are asked for meanwhile all wait when it goes on.
    private async Task<Task<float[]>[]> WhileTheThreadIsBusy(Func<Task<float[]>[]> ask)
    {
        using var gate = new ManualResetEventSlim();
        threads.Run(gate.Wait);
        var asked = ask();
        gate.Set();
        await Task.WhenAll(asked).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return asked;
    }

    private static ScoringRequest Request(int candidates, int number)
    {
        var writer = new FeatureRecordWriter(TestModel.Spec("main").Schema.Fingerprint);
        ReadOnlyMemory<byte> Record(int feature, double value)
        {
            writer.Clear();
            writer.Write(feature, value);
            return writer.ToArray();
        }

        return new ScoringRequest
        {
            UserId = number % 2 == 0 ? TestModel.KnownItem : $"u{number}",
            ItemIds = [.. Enumerable.Range(0, candidates).Select(item => item == 0 ? TestModel.KnownItem : $"i{item}")],
            Features = new RequestFeatures(
                default, default, [.. Enumerable.Range(0, candidates).Select(item => Record(3, (item + 1) * 0.01))],
                [.. Enumerable.Range(0, candidates).Select(item => Record(5, (number * 0.1) + (item * 0.001)))]),
            Objective = null!,
            Constants = ImmutableDictionary<string, double>.Empty,
            Time = Now.ToUnixTimeMilliseconds(),
        };
    }

    // The candidates' ctr.
    private async Task<float[]> ScoreAsync(ScoringRequest request, DateTimeOffset? until = null, CancellationTokenSource? caller = null)
    {
        var (result, features) = await pipeline.ScoreAsync(
            model, request with { Objective = model.Objectives["ctr"] }, until ?? DateTimeOffset.MaxValue, caller?.Token ?? TestContext.Current.CancellationToken);
        Assert.Equal(request.ItemIds.Count, result.Scored);
        Assert.Equal(result.Outputs[0].Select(ctr => (double)ctr), result.Scores);
        Assert.Equal(request.ItemIds.Select(id => id != TestModel.KnownItem), result.ItemFlags.Select(flags => flags.HasFlag(ItemFlags.UnknownId)));
        Assert.Equal(request.ItemIds.Count, features.Items.Length);
        var scores = result.Outputs[0].ToArray();
        result.Return();
        return scores;
    }
}
