using System.Diagnostics;
using System.Globalization;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// The engine on model R, 500 candidates a request, beside ONNX Runtime on the plain graph (A: user inputs repeated) and on
/// the graph split by hand (B: the user's part once a request), that in 8 bits (C), and TorchSharp (T), with the same weights,
/// on one pinned core. All take turns, round by round; a ratio is the median of the rounds'.
/// </summary>
internal sealed class ScoringThroughput : Benchmark
{
    private const int Requests = 16;
    private const int Rounds = 15;
    private const double WarmShare = 0.95;
    private const int CtrOutput = 1;
    private const long ItemCacheBytes = 400_000_000;
    private const double MultiplyAddsSplit = 0.543e6;

    public override string Name => "scoring";

    public override string Description => "the engine beside ONNX Runtime on model R, one core, and its share of the peak (a number: so many rounds)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        StayOnFirstCore();
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
        var drawn = new DrawnRequests(model, serving);
        EncodedBatch[] requests = [.. Enumerable.Range(0, Requests).Select(seed => drawn.Draw(new Random(seed), knownShare: 0))];
        RequestModel.Quantize(folder.Path, model);
        using var quantized = ServingModel.Load(ModelArtifact.Open(version), ItemCacheBytes);
        using var plain = new OnnxRival(artifact, requests, DrawnRequests.Candidates, folder.Combine("plain.onnx"), isSplit: false);
        using var split = new OnnxRival(artifact, requests, DrawnRequests.Candidates, folder.Combine("split.onnx"), isSplit: true);
        using var splitInt8 = new OnnxRival(artifact, requests, DrawnRequests.Candidates, folder.Combine("int8.onnx"), isSplit: true, isInt8: true);
        using var torch = new TorchRival(artifact, requests, DrawnRequests.Candidates);
        using var experts = new ExpertBlock();
        var (session, warm, integers) = (serving.CreateSession(), caching.CreateSession(), quantized.CreateSession());

        figures.Add("largest_difference", new[] { plain, split }.Max(rival => LargestDifference(session, rival, requests)));
        figures.Add("int8_largest_difference", LargestDifference(integers, plain, requests));
        figures.Add("ort_int8_largest_difference", LargestDifference(session, splitInt8, requests));
        figures.Add("torch_largest_difference", torch.Scores(0).Zip(plain.Scores(0)[CtrOutput], (left, right) => Math.Abs(left - right)).Max());
        var (engine, ofWarm, ofPlain, ofSplit, ofIntegers) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (peak, ofExperts, ofSplitInt8, ofTorch) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var hits = 0.0;
        for (var round = -10; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var fresh = new Random(1000 + round);
            EncodedBatch[] mostlyKnown = [.. Enumerable.Range(0, Requests).Select(_ => drawn.Draw(fresh, WarmShare))];
            var before = caching.ItemReads;
            var times = (
                Time(number => session.Score(requests[number])), Time(number => warm.Score(mostlyKnown[number])), Time(plain.Run), Time(split.Run),
                PeakLoop.Measure(), experts.Measure(), Time(number => integers.Score(requests[number])),
                Time(splitInt8.Run), Time(torch.Run));
            if (round >= 0)
            {
                engine.Add(times.Item1);
                ofWarm.Add(times.Item2);
                ofPlain.Add(times.Item3);
                ofSplit.Add(times.Item4);
                peak.Add(times.Item5);
                ofExperts.Add(times.Item6);
                ofIntegers.Add(times.Item7);
                ofSplitInt8.Add(times.Item8);
                ofTorch.Add(times.Item9);
                hits += (caching.ItemReads.Hits - before.Hits) / (double)(Requests * DrawnRequests.Candidates * rounds);
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
        figures.Add("int8_microseconds", Median(ofIntegers) * 1e6);
        figures.Add("int8_vs_ort", Median(ofPlain.Zip(ofIntegers, (rival, own) => rival / own)));
        figures.Add("ort_int8_microseconds", Median(ofSplitInt8) * 1e6);
        figures.Add("int8_vs_ort_int8", Median(ofSplitInt8.Zip(ofIntegers, (rival, own) => rival / own)));
        figures.Add("torch_microseconds", Median(ofTorch) * 1e6);
        figures.Add("engine_vs_torch_cold", Median(ofTorch.Zip(engine, (rival, own) => rival / own)));
        figures.Add("peak_gflops", Median(peak) / 1e9);
        figures.Add("fused_peak_share", Median(ofExperts.Zip(peak, (own, most) => own / most)));
        figures.Add("peak_share_of_request", Median(engine.Zip(peak, (own, most) => 2 * MultiplyAddsSplit * DrawnRequests.Candidates / own / most)));
        await Task.CompletedTask;
    }

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
}
