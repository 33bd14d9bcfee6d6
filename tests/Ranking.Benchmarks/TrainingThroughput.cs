using System.Diagnostics;
using System.Runtime.InteropServices;
using Ranking.Core;
using Ranking.Learning;

namespace Ranking.Benchmarks;

/// <summary>Steps of model R by the learner and in plain TorchSharp, on the same ids, at three sizes of the tables.</summary>
internal sealed partial class TrainingThroughput : Benchmark
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
        RequireTunedAllocator();
        List<double> medians = [];
        // The largest first: what smaller ones had freed would hide the bytes of its rows.
        foreach (var (name, rows, steps, plainSteps) in new[] { ("10m", 10_000_000L, 40, 2), ("1m", 1_000_000, 40, 20), ("10k", 10_000, 40, 20) })
        {
            cancellation.ThrowIfCancellationRequested();
            if (arguments.Count > 0 && !arguments.Contains(name))
            {
                continue;
            }

            Console.WriteLine($"{name}: the learner, {steps} steps (load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]})");
            var model = new TrainingModelR(rows);
            var ids = Enumerable.Range(0, Batches).Select(_ => model.Ids()).ToArray();
            var examples = ids.Select(model.Examples).ToArray();
            var (times, bytesPerRow) = Learn(model, examples, steps);
            var median = Median(times);
            medians.Add(median);
            Console.WriteLine($"{name}: plain TorchSharp, {plainSteps} steps (load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]})");
            var plain = Median(Plain(model, ids, examples, plainSteps));
            figures.Add($"samples_per_second_{name}", TrainingModelR.BatchSize / median);
            figures.Add($"plain_samples_per_second_{name}", TrainingModelR.BatchSize / plain);
            figures.Add($"ratio_{name}", plain / median);
            figures.Add($"max_step_vs_median_{name}", times.Max() / median);
            if (rows == 10_000_000)
            {
                figures.Add("bytes_per_row_10m", bytesPerRow);
            }
        }

        if (arguments.Count == 0)
        {
            figures.Add("step_10m_vs_10k", medians[0] / medians[^1]);
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
        var used = TimeSpan.Zero;
        for (var i = 0; i < warmUp + steps; i++)
        {
            used = i == warmUp ? Environment.CpuUsage.TotalTime : used;
            var start = Stopwatch.GetTimestamp();
            step(i);
            if (i >= warmUp)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        // On a busy machine this says more than the clock.
        Console.WriteLine($"  {(Environment.CpuUsage.TotalTime - used).TotalMilliseconds / steps:F1} ms of the processors a step, {Median(times) * 1000:F1} ms by the clock");
        return times;
    }

    // With blocks of 20 MB mapped anew for each tensor, both sides would measure page faults.
    private static void RequireTunedAllocator()
    {
        var before = MallocInfo().MappedBlocks;
        var block = Marshal.AllocHGlobal(20 << 20);
        var after = MallocInfo().MappedBlocks;
        Marshal.FreeHGlobal(block);
        if (after > before)
        {
            throw new InvalidOperationException("malloc maps a block of 20 MB by itself: unset MALLOC_MMAP_THRESHOLD_, which overrides the learner's setting.");
        }
    }


    private static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocState MallocInfo();

    /// <summary>glibc's <c>struct mallinfo2</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    private readonly struct MallocState
    {
        [FieldOffset(24)]
        public readonly nuint MappedBlocks;
    }
}
