using System.Collections.Immutable;
using System.Diagnostics;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Server;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// Whether small requests should be scored together: model R, the requests of so many callers one after another, each with its
/// user's part once, against all their candidates in one batch, each with its own user's: by the engine alone, and, for small
/// ones, as a server's scoring thread does from the records to the objective. One pinned core, no item kept. A ratio above 1
/// says that together is faster.
/// </summary>
internal sealed class BatchingThroughput : Benchmark
{
    private const int Turns = 15;
    private const int MostRows = 8_000;

    private static readonly int[] candidates = [1, 10, 50, 500];
    private static readonly int[] callers = [1, 4, 16, 64];

    public override string Name => "batching";

    public override string Description => "requests of 1 to 500 candidates by 1 to 64 callers, scored one after another against together";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        StayOnFirstCore();
        using var folder = new TemporaryFolder();
        var model = new TrainingModelR(RequestSetting.Rows);
        RequestModel.Publish(folder.Path, model);
        using var serving = ServingModel.Load(ModelArtifact.Open(RequestSetting.ServedFolder(folder.Path, model)));
        var drawn = new DrawnRequests(model, serving);
        var (session, random) = (serving.CreateSession(), new Random(5));
        foreach (var (count, of) in candidates.SelectMany(count => callers.Select(of => (count, of))).Where(pair => pair.count * pair.of <= MostRows))
        {
            cancellation.ThrowIfCancellationRequested();
            var (alone, together) = drawn.Callers(random, of, count);
            var (apart, batched) = (new List<double>(), new List<double>());
            for (var turn = -3; turn < Turns; turn++)
            {
                var times = (Microseconds(() => Array.ForEach(alone, request => session.Score(request))), Microseconds(() => session.Score(together)));
                if (turn >= 0)
                {
                    apart.Add(times.Item1 / of);
                    batched.Add(times.Item2 / of);
                }
            }

            figures.Add($"alone_microseconds_{count}_by_{of}", Median(apart));
            figures.Add($"together_vs_alone_{count}_by_{of}", Median(apart.Zip(batched, (left, right) => left / right)));
        }

        using var ofServer = ServingModel.Load(ModelArtifact.Open(RequestSetting.ServedFolder(folder.Path, model)));
        var loaded = new LoadedModel(ofServer);
        foreach (var (count, of) in candidates.SelectMany(count => callers.Select(of => (count, of))).Where(pair => IsServedTogether(pair.count, pair.of)))
        {
            cancellation.ThrowIfCancellationRequested();
            var ratios = new List<double>();
            for (var turn = -3; turn < Turns; turn++)
            {
                List<ScoringWork> Requests() => [.. Enumerable.Range(0, of).Select(_ => Work(loaded, drawn, random, count))];
                var (apart, together) = (Requests(), Requests());
                var ratio = Microseconds(() => apart.ForEach(work => loaded.Score([work]))) / Microseconds(() => loaded.Score(together));
                if (turn >= 0)
                {
                    ratios.Add(ratio);
                }
            }

            figures.Add($"served_together_vs_alone_{count}_by_{of}", Median(ratios));
        }

        await Task.CompletedTask;
    }

    private static bool IsServedTogether(int count, int of) =>
        count <= SmallRequests.MostCandidates && of > SmallRequests.TooFew && count * of <= ScoringSession.BlockRows;

    private static ScoringWork Work(LoadedModel model, DrawnRequests drawn, Random random, int count) => new(
        model,
        new ScoringRequest
        {
            UserId = "u",
            ItemIds = [.. Enumerable.Range(0, count).Select(item => $"i{item}")],
            Features = RequestFeatures.None,
            Objective = model.Objectives["default"],
            Constants = ImmutableDictionary<string, double>.Empty,
            Time = 0,
        },
        null, drawn.Stored(random, count), DateTimeOffset.MaxValue, TimeProvider.System, CancellationToken.None);

    private static double Microseconds(Action run)
    {
        var start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
