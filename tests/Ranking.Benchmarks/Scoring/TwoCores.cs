using System.Diagnostics;
using Ranking.Inference;

namespace Ranking.Benchmarks;

/// <summary>
/// Model R on two cores: two sessions of the engine, each on a thread of its own, beside two threads that share a session of
/// ONNX Runtime, and beside one session that has two threads for a request.
/// </summary>
internal static class TwoCores
{
    private const int Cores = 2;

    /// <summary>Adds nothing where there are not two cores.</summary>
    public static void Run(Figures figures, TrainingModelR model, int rounds, CancellationToken cancellation)
    {
        if (!Benchmark.TryUseCores(Cores))
        {
            Console.Error.WriteLine("  two cores: skipped, for this machine has one");
            return;
        }

        using var setting = new ScoringSetting(model);
        ScoringSession[] sessions = [.. Enumerable.Range(0, Cores).Select(_ => setting.Engine.CreateSession())];
        var contest = new Contest();
        contest.Add("engine", () => Together((core, number) => sessions[core].Score(setting.All[number])));
        contest.Add("ort", () => Together((_, number) => setting.Plain.Run(number)));
        contest.Add("ort_split", () => Together((_, number) => setting.Split.Run(number)));
        contest.Run(rounds, _ => { }, cancellation);
        foreach (var name in new[] { "engine", "ort", "ort_split" })
        {
            figures.Add($"two_cores_{name}_microseconds", contest.Of(name) * 1e6);
        }

        // By itself: its threads go on spinning for work, which would be another's time.
        using var wide = setting.Onnx("two", threads: Cores);
        var apart = new Contest();
        apart.Add("ort_wide", () => ScoringSetting.Time(wide.Run));
        apart.Run(rounds, _ => { }, cancellation);
        figures.Add("two_cores_ort_wide_microseconds", apart.Of("ort_wide") * 1e6);
        figures.Add("two_cores_engine_vs_ort_cold", Math.Min(contest.Ratio("ort", by: "engine"), apart.Of("ort_wide") / contest.Of("engine")));
        figures.Add("two_cores_engine_vs_split_cold", contest.Ratio("ort_split", by: "engine"));
    }

    // Seconds a request, of as many as the cores score in that time.
    private static double Together(Action<int, int> score)
    {
        var start = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, Cores).Select(core => new Thread(() => ScoringSetting.Time(number => score(core, number))))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return Stopwatch.GetElapsedTime(start).TotalSeconds / (ScoringSetting.Requests * Cores);
    }
}
