using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public sealed class ScoringPipelineTests : IDisposable
{
    private const int Candidates = 300;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly ScoringThreads threads = new(1);
    private readonly ServerMetrics metrics;
    private readonly MeterListener listener = new();
    private readonly List<string> scored = [];
    private readonly LoadedModel model;

    public ScoringPipelineTests()
    {
        TestModel.Publish(folder.Path, "main", "v1", 0.25);
        // Of those that other tests make meanwhile on other threads, none.
        var (thread, isOwn) = (Environment.CurrentManagedThreadId, false);
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (isOwn && Environment.CurrentManagedThreadId == thread && instrument.Name == "ranking.scoring.time")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            Assert.True(seconds > 0);
            scored.Add((string)tags[0].Value!);
        });
        listener.Start();
        isOwn = true;
        metrics = new ServerMetrics();
        isOwn = false;
        model = new LoadedModel(ServingModel.Load(ModelArtifact.Open(new FolderModelStore(folder.Path).FolderOf("main", "v1"))));
    }

    public void Dispose()
    {
        listener.Dispose();
        metrics.Dispose();
        threads.Dispose();
        model.Release();
        folder.Dispose();
    }

    [Fact]
    public async Task ScoreAsync_TimeForAll_ScoresAll()
    {
        var result = await ScoreAsync(Start.AddSeconds(1));

        Assert.Equal(Candidates, result.Scored);
        Assert.DoesNotContain(result.ItemFlags, flags => flags.HasFlag(ItemFlags.NotScored));
        Assert.Equal(["answered"], scored);
    }

    [Fact]
    public async Task ScoreAsync_TimeForSomeBlocks_ScoresThoseAndFlagsTheRest()
    {
        // The clock goes on by a millisecond each time it is looked at: at the beginning and before each block.
        var result = await ScoreAsync(Start.AddMilliseconds(4));

        Assert.Equal(2 * ScoringSession.BlockRows, result.Scored);
        Assert.All(Enumerable.Range(0, Candidates), at =>
        {
            Assert.Equal(at >= result.Scored, result.ItemFlags[at].HasFlag(ItemFlags.NotScored));
            Assert.Equal(at < result.Scored ? 0.25 : double.NaN, result.Scores[at], 1e-6);
            Assert.Equal(at >= result.Scored, float.IsNaN(result.Outputs[0][at]));
        });
        Assert.Equal(Enumerable.Range(0, Candidates), TopK.Order(result.Scores, Candidates));
    }

    [Fact]
    public async Task ScoreAsync_NoTime_EndsAsAPassedDeadline() =>
        await Assert.ThrowsAsync<OperationCanceledException>(() => ScoreAsync(Start));

    [Fact]
    public async Task ScoreAsync_TimeEndsBeforeTheFirstBlock_EndsAsAPassedDeadline() =>
        await Assert.ThrowsAsync<OperationCanceledException>(() => ScoreAsync(Start.AddMilliseconds(2)));

    [Fact]
    public async Task ScoreAsync_CallerGivesUpMeanwhile_EndsWithinABlock()
    {
        using var source = new CancellationTokenSource();
        var clock = new SteppingClock();
        clock.Looked += () => source.Cancel();

        await Assert.ThrowsAsync<OperationCanceledException>(() => ScoreAsync(DateTimeOffset.MaxValue, clock, source));

        Assert.Equal(1, clock.Looks);
        Assert.Equal(["in_vain"], scored);
    }

    private async Task<ScoringResult> ScoreAsync(DateTimeOffset until, SteppingClock? clock = null, CancellationTokenSource? caller = null)
    {
        var request = new ScoringRequest
        {
            UserId = "u",
            ItemIds = [.. Enumerable.Range(0, Candidates).Select(item => $"i{item}")],
            Features = RequestFeatures.None,
            Objective = model.Objectives["ctr"],
            Constants = ImmutableDictionary<string, double>.Empty,
            Time = Start.ToUnixTimeMilliseconds(),
        };
        return (await new ScoringPipeline(new EmptyStore(), threads, new RecentRequests(TimeProvider.System), metrics, clock ?? new SteppingClock()).ScoreAsync(
            model, request, until, caller?.Token ?? TestContext.Current.CancellationToken)).Result;
    }

    private sealed class SteppingClock : TimeProvider
    {
        public int Looks { get; private set; }

        public event Action? Looked;

        public override DateTimeOffset GetUtcNow()
        {
            Looked?.Invoke();
            return Start.AddMilliseconds(++Looks);
        }
    }
}
