using System.Globalization;
using Ranking.Core;
using Ranking.Inference;

namespace Ranking.Benchmarks;

/// <summary>
/// The engine on model R, 500 candidates a request, beside ONNX Runtime on the plain graph (A: user inputs repeated) and on
/// the graph split by hand (B: the user's part once a request), that in 8 bits (C), and TorchSharp (T), with the same weights,
/// on one pinned core; then a small model and a wide one; then model R on two cores.
/// </summary>
internal sealed class ScoringThroughput : Benchmark
{
    private const int Rounds = 15;
    private const int CtrOutput = 1;
    private const int Ids = 2_000_000;

    // Of a candidate of model R: in full, with the user's half split off, and with 95 % of items kept.
    private const double MultiplyAdds = 0.939e6;
    private const double MultiplyAddsSplit = 0.543e6;
    private const double MultiplyAddsWarm = 0.292e6;

    // 20 features of them are 1,040 inputs.
    private const int WideDimension = 52;

    public override string Name => "scoring";

    public override string Description => "the engine beside ONNX Runtime on model R, a small and a wide one, one core and two, and its share of the peak (a number: so many rounds)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        StayOnFirstCore();
        Thread.CurrentThread.Priority = ThreadPriority.Highest;
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Rounds;
        using (var setting = new ScoringSetting(new TrainingModelR(Ids)))
        {
            OfModelR(setting, figures, rounds, cancellation);
        }

        Others("small_", new TrainingModelR(Ids, experts: 4, expert: [64, 32]));
        Others("wide_", new TrainingModelR(Ids / 4, dimension: WideDimension));
        TwoCores.Run(figures, new TrainingModelR(Ids), rounds, cancellation);
        await Task.CompletedTask;

        void Others(string prefix, TrainingModelR model)
        {
            using var setting = new ScoringSetting(model);
            var contest = new Contest();
            setting.Enter(contest);
            contest.Run(rounds, setting.Begin, cancellation);
            figures.Add($"{prefix}largest_difference", LargestDifference(setting.Engine.CreateSession(), setting.Plain, setting.All));
            AddRatios(contest, prefix, figures);
        }
    }

    private static void OfModelR(ScoringSetting setting, Figures figures, int rounds, CancellationToken cancellation)
    {
        using var splitInt8 = setting.Onnx("int8", isSplit: true, isInt8: true);
        using var torch = new TorchRival(setting.Artifact, setting.All, DrawnRequests.Candidates);
        using var experts = new ExpertBlock();
        using var quantized = setting.Quantized();
        var (session, integers) = (setting.Engine.CreateSession(), quantized.CreateSession());
        figures.Add("largest_difference", new[] { setting.Plain, setting.Split }.Max(rival => LargestDifference(session, rival, setting.All)));
        figures.Add("int8_largest_difference", LargestDifference(integers, setting.Plain, setting.All));
        figures.Add("ort_int8_largest_difference", LargestDifference(session, splitInt8, setting.All));
        figures.Add("torch_largest_difference", torch.Scores(0).Zip(setting.Plain.Scores(0)[CtrOutput], (left, right) => Math.Abs(left - right)).Max());

        var contest = new Contest();
        setting.Enter(contest);
        contest.Add("peak", PeakLoop.Measure);
        contest.Add("experts", experts.Measure);
        contest.Add("int8", () => ScoringSetting.Time(number => integers.Score(setting.All[number])));
        contest.Add("ort_int8", () => ScoringSetting.Time(splitInt8.Run));
        contest.Add("torch", () => ScoringSetting.Time(torch.Run));
        var (hits, misses) = (0L, 0L);
        contest.Run(
            rounds,
            round =>
            {
                (hits, misses) = round == 0 ? setting.Caching.ItemReads : (hits, misses);
                setting.Begin(round);
            },
            cancellation);

        AddRatios(contest, "", figures);
        var reads = setting.Caching.ItemReads;
        figures.Add("item_hits", (reads.Hits - hits) / (double)(reads.Hits + reads.Misses - hits - misses));
        figures.Add("int8_microseconds", contest.Of("int8") * 1e6);
        figures.Add("int8_vs_ort", contest.Ratio("ort", by: "int8"));
        figures.Add("ort_int8_microseconds", contest.Of("ort_int8") * 1e6);
        figures.Add("int8_vs_ort_int8", contest.Ratio("ort_int8", by: "int8"));
        figures.Add("torch_microseconds", contest.Of("torch") * 1e6);
        figures.Add("engine_vs_torch_cold", contest.Ratio("torch", by: "engine"));
        figures.Add("peak_gflops", contest.Of("peak") / 1e9);
        figures.Add("fused_peak_share", contest.Ratio("experts", by: "peak"));
        figures.Add("peak_share_of_request", SecondsAtPeak(MultiplyAddsSplit, contest.Of("peak")) / contest.Of("engine"));
        figures.Add("ort_peak_share", contest.Of("ort", "peak", (seconds, peak) => SecondsAtPeak(MultiplyAdds, peak) / seconds));

        // What the engine would reach did it nothing but its multiply-adds, at the peak: where the aims stand.
        figures.Add("vs_ort_cold_at_peak", contest.Of("ort", "peak", (seconds, peak) => seconds / SecondsAtPeak(MultiplyAddsSplit, peak)));
        figures.Add("vs_ort_warm_at_peak", contest.Of("ort", "peak", (seconds, peak) => seconds / SecondsAtPeak(MultiplyAddsWarm, peak)));
        figures.Add("vs_split_cold_at_peak", contest.Of("ort_split", "peak", (seconds, peak) => seconds / SecondsAtPeak(MultiplyAddsSplit, peak)));
        figures.Add("vs_split_warm_at_peak", contest.Of("ort_split", "peak", (seconds, peak) => seconds / SecondsAtPeak(MultiplyAddsWarm, peak)));
    }

    // Of a request, at so many floating-point operations a second.
    private static double SecondsAtPeak(double multiplyAdds, double peak) => 2 * multiplyAdds * DrawnRequests.Candidates / peak;

    private static void AddRatios(Contest contest, string prefix, Figures figures)
    {
        foreach (var name in new[] { "engine", "engine_warm", "ort", "ort_split" })
        {
            figures.Add($"{prefix}{name}_microseconds", contest.Of(name) * 1e6);
        }

        figures.Add($"{prefix}engine_vs_ort_cold", contest.Ratio("ort", by: "engine"));
        figures.Add($"{prefix}engine_vs_split_cold", contest.Ratio("ort_split", by: "engine"));
        figures.Add($"{prefix}engine_vs_ort_warm", contest.Ratio("ort", by: "engine_warm"));
        figures.Add($"{prefix}engine_vs_split_warm", contest.Ratio("ort_split", by: "engine_warm"));
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
}
