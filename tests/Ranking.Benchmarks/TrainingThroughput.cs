using System.Diagnostics;
using Ranking.Core;
using Ranking.Learning;

namespace Ranking.Benchmarks;

/// <summary>Steps of model R by the learner and in plain TorchSharp, on the same ids, at three sizes of the tables.</summary>
internal sealed class TrainingThroughput : Benchmark
{
    private const int Batches = 8;
    private const uint FilledAt = 1_700_000_000;

    /// <inheritdoc/>
    public override string Name => "training";

    /// <inheritdoc/>
    public override string Description => "samples per second of model R beside plain TorchSharp, at 10 thousand, 1 and 10 million rows (10k, 1m, 10m: only these)";

    /// <inheritdoc/>
    public override Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        LibTorch.Load();
        List<double> medians = [];
        foreach (var (name, rows, steps, plainSteps) in new[] { ("10k", 10_000L, 40, 20), ("1m", 1_000_000, 40, 8), ("10m", 10_000_000, 40, 3) })
        {
            cancellation.ThrowIfCancellationRequested();
            if (arguments.Count > 0 && !arguments.Contains(name))
            {
                continue;
            }

            var model = new TrainingModelR(rows);
            var ids = Enumerable.Range(0, Batches).Select(_ => model.Ids()).ToArray();
            var examples = ids.Select(model.Examples).ToArray();
            var (times, bytesPerRow) = Learn(model, examples, steps);
            var median = Median(times);
            medians.Add(median);
            var plain = Median(Plain(model, ids, examples, plainSteps));
            figures.Add($"samples_per_second_{name}", TrainingModelR.BatchSize / median);
            figures.Add($"plain_samples_per_second_{name}", TrainingModelR.BatchSize / plain);
            figures.Add($"ratio_{name}", plain / median);
            figures.Add($"step_max_over_median_{name}", times.Max() / median);
            if (rows == 10_000_000)
            {
                figures.Add("bytes_per_row_10m", bytesPerRow);
            }
        }

        if (arguments.Count == 0)
        {
            figures.Add("step_time_10m_over_10k", medians[^1] / medians[0]);
        }

        return Task.CompletedTask;
    }

    private static (List<double> Times, double BytesPerRow) Learn(TrainingModelR model, Example[][] batches, int steps)
    {
        using var learner = new Learner(model.Spec, [], new LearnerOptions());
        learner.Step(batches[0]);
        var (before, rows) = (Resident(), learner.Tables.Sum(table => (long)table.Rows.Count));
        foreach (var table in learner.Tables)
        {
            var hash = new KeyHash(table.Name);
            for (var id = 0L; id < model.IdsPerTable; id++)
            {
                var key = hash.Of(id);
                if (table.Rows.Find(key) < 0)
                {
                    table.Sight(key, FilledAt);
                }
            }
        }

        var bytes = (Resident() - before) / (double)(learner.Tables.Sum(table => (long)table.Rows.Count) - rows);
        return (Time(steps, step => learner.Step(batches[step % batches.Length])), bytes);
    }

    private static List<double> Plain(TrainingModelR model, long[][,] ids, Example[][] examples, int steps)
    {
        using var plain = new TrainingPlainTorch(model.IdsPerTable);
        var batches = ids.Zip(examples, (numbers, labelled) => (
            Ids: TrainingPlainTorch.Columns(numbers), Clicks: TrainingPlainTorch.Labels(labelled, 1), Conversions: TrainingPlainTorch.Labels(labelled, 3))).ToArray();
        return Time(steps, step =>
        {
            var (columns, clicks, conversions) = batches[step % batches.Length];
            plain.Step(columns, clicks, conversions);
        });
    }

    // The first steps allocate and compile: they are not counted.
    private static List<double> Time(int steps, Action<int> step)
    {
        var warmUp = Math.Max(1, steps / 4);
        List<double> times = [];
        for (var i = 0; i < warmUp + steps; i++)
        {
            var start = Stopwatch.GetTimestamp();
            step(i);
            if (i >= warmUp)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        return times;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
