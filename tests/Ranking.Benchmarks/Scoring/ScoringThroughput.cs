using System.Diagnostics;
using System.Globalization;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// The engine on model R, 500 candidates a request, beside ONNX Runtime on the plain graph (A: user inputs repeated) and on
/// the graph split by hand (B: the user's part once a request), with the same weights, on one pinned core. All take turns,
/// round by round; a ratio is the median of the rounds'.
/// </summary>
internal sealed class ScoringThroughput : Benchmark
{
    private const int Candidates = 500;
    private const int Requests = 16;
    private const int Rounds = 15;
    private const int KnownItems = 20_000;
    private const double WarmShare = 0.95;
    private const long ItemCacheBytes = 400_000_000;
    private const double MultiplyAddsSplit = 0.543e6;

    public override string Name => "scoring";

    public override string Description => "the engine beside ONNX Runtime on model R, one core, and its share of the peak (a number: so many rounds)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (OperatingSystem.IsLinux())
        {
            Process.GetCurrentProcess().ProcessorAffinity = 1;
        }

        Thread.CurrentThread.Priority = ThreadPriority.Highest;
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Rounds;
        using var folder = new TemporaryFolder();
        var model = new TrainingModelR(2_000_000);
        RequestModel.Publish(folder.Path, model);
        var store = new FolderModelStore(folder.Path);
        var version = store.FolderOf(model.Spec.Name, store.Served(model.Spec.Name)!);
        using var artifact = ModelArtifact.Open(version);
        using var serving = ServingModel.Load(ModelArtifact.Open(version));
        using var caching = ServingModel.Load(ModelArtifact.Open(version), ItemCacheBytes);
        var pool = new Random(99);
        long[][] known = [.. Enumerable.Range(0, KnownItems).Select(_ => DrawItem(model, pool))];
        EncodedBatch[] requests = [.. Enumerable.Range(0, Requests).Select(seed => Encode(serving, model, new Random(seed), random => DrawItem(model, random)))];
        using var plain = new OnnxRival(artifact, requests, Candidates, folder.Combine("plain.onnx"), isSplit: false);
        using var split = new OnnxRival(artifact, requests, Candidates, folder.Combine("split.onnx"), isSplit: true);
        using var experts = new ExpertBlock();
        var (session, warm) = (serving.CreateSession(), caching.CreateSession());

        figures.Add("largest_difference", new[] { plain, split }.Max(rival => LargestDifference(session, rival, requests)));
        var (engine, ofWarm, ofPlain, ofSplit) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (peak, ofExperts) = (new List<double>(), new List<double>());
        var hits = 0.0;
        for (var round = -10; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var fresh = new Random(1000 + round);
            EncodedBatch[] mostlyKnown = [.. Enumerable.Range(0, Requests).Select(_ => Encode(
                caching, model, fresh, random => random.NextDouble() < WarmShare ? known[random.Next(known.Length)] : DrawItem(model, random)))];
            var before = caching.ItemReads;
            var times = (
                Time(number => session.Score(requests[number])), Time(number => warm.Score(mostlyKnown[number])), Time(plain.Run), Time(split.Run),
                PeakLoop.Measure(), experts.Measure());
            if (round >= 0)
            {
                engine.Add(times.Item1);
                ofWarm.Add(times.Item2);
                ofPlain.Add(times.Item3);
                ofSplit.Add(times.Item4);
                peak.Add(times.Item5);
                ofExperts.Add(times.Item6);
                hits += (caching.ItemReads.Hits - before.Hits) / (double)(Requests * Candidates * rounds);
            }
        }

        figures.Add("engine_microseconds", Median(engine) * 1e6);
        figures.Add("engine_warm_microseconds", Median(ofWarm) * 1e6);
        figures.Add("item_hits", hits);
        figures.Add("ort_microseconds", Median(ofPlain) * 1e6);
        figures.Add("ort_split_microseconds", Median(ofSplit) * 1e6);
        figures.Add("engine_vs_ort_cold", Median(ofPlain.Zip(engine, (rival, own) => rival / own)));
        figures.Add("engine_vs_split_cold", Median(ofSplit.Zip(engine, (rival, own) => rival / own)));
        figures.Add("engine_vs_ort_warm", Median(ofPlain.Zip(ofWarm, (rival, own) => rival / own)));
        figures.Add("engine_vs_split_warm", Median(ofSplit.Zip(ofWarm, (rival, own) => rival / own)));
        figures.Add("peak_gflops", Median(peak) / 1e9);
        figures.Add("fused_peak_share", Median(ofExperts.Zip(peak, (own, most) => own / most)));
        figures.Add("peak_share_of_request", Median(engine.Zip(peak, (own, most) => 2 * MultiplyAddsSplit * Candidates / own / most)));
        await Task.CompletedTask;
    }

    private static EncodedBatch Encode(ServingModel serving, TrainingModelR model, Random random, Func<Random, long[]> item)
    {
        var writer = new FeatureRecordWriter(model.Spec.Schema.Fingerprint);
        ReadOnlyMemory<byte> Record(FeatureScope scope, long[] ids)
        {
            writer.Clear();
            foreach (var (number, feature) in model.Spec.Schema.Features.Where(feature => feature.Scope == scope).Index())
            {
                writer.Write(feature.Id, ids[number]);
            }

            return writer.ToArray();
        }

        var encoder = serving.CreateEncoder();
        var batch = encoder.CreateBatch();
        ReadOnlyMemory<byte>[] items = [.. Enumerable.Range(0, Candidates).Select(_ => Record(FeatureScope.Item, item(random)))];
        encoder.Encode(batch, 0, Record(FeatureScope.User, Draw(model, random, FeatureScope.User)), default, items, new ReadOnlyMemory<byte>[Candidates]);
        return batch;
    }

    private static long[] DrawItem(TrainingModelR model, Random random) => Draw(model, random, FeatureScope.Item);

    // By Zipf's law.
    private static long[] Draw(TrainingModelR model, Random random, FeatureScope scope) =>
        [.. model.Spec.Schema.Features.Where(feature => feature.Scope == scope).Select(_ => Math.Min(model.IdsPerTable - 1, (long)Math.Exp(random.NextDouble() * Math.Log(model.IdsPerTable + 1)) - 1))];

    private static double LargestDifference(ScoringSession session, OnnxRival rival, EncodedBatch[] requests)
    {
        var largest = 0.0;
        for (var number = 0; number < requests.Length; number++)
        {
            session.Score(requests[number]);
            var scores = rival.Scores(number);
            for (var output = 0; output < scores.Length; output++)
            {
                var own = session.Output(output);
                for (var row = 0; row < own.Length; row++)
                {
                    largest = Math.Max(largest, Math.Abs(own[row] - scores[output][row]));
                }
            }
        }

        return largest;
    }

    // Seconds a request.
    private static double Time(Action<int> score)
    {
        var start = Stopwatch.GetTimestamp();
        for (var number = 0; number < Requests; number++)
        {
            score(number);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / Requests;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
