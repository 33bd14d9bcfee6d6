using Ranking.Core;
using Ranking.Events;
using Ranking.Files;

namespace Ranking.Evaluation;

/// <summary>Reads a finite log through the merge and the label join that training uses.</summary>
public static class ExampleReader
{
    private const int FaultsTold = 10;

    /// <summary>Reads all examples.</summary>
    /// <param name="source">Which log.</param>
    /// <param name="tasks">The tasks whose labels are joined; a label's bit is the task's place.</param>
    /// <param name="take">Takes them, in the order of the log.</param>
    /// <param name="warn">Told of the first ten records and rows that cannot be used, and how many more there are.</param>
    /// <param name="progress">Hears how much has been read, 0 to 1, where that is known.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>What came in and what it came to.</returns>
    public static async Task<JoinCounts> ReadAsync(
        ExampleSource source, TaskSet tasks, Action<Example> take, Action<string> warn, IProgress<double> progress, CancellationToken cancellation)
    {
        var faults = 0;
        var tell = (string fault) =>
        {
            if (++faults <= FaultsTold)
            {
                warn(fault);
            }
        };
        var job = source.Job;
        // The table's rows carry all features; in another log an impression can have lost its served record.
        var entities = SourceEntities.Load(source.IsTable ? null : job.Sources, job.Model.Schema, tell);
        // A table is read and sorted first, which takes about as long as joining it.
        var opening = source.IsTable ? 0.5 : 0;
        await using var log = await source.OpenAsync(new Part(progress, 0, opening)).ConfigureAwait(false);
        // Without a spill everything is kept in memory, as what is gathered from it is.
        var join = new LabelJoin(tasks, job.Join with { MemoryEntries = int.MaxValue }, entities, new Output(source, take, tell), history: source.History());
        await JoinReading.RunAsync(log, job.Join.MaxAhead, join, cancellation, new Part(progress, opening, 1)).ConfigureAwait(false);
        if (faults > FaultsTold)
        {
            warn($"and {faults - FaultsTold} more.");
        }

        return join.Counts;
    }

    private sealed class Part(IProgress<double> whole, double from, double to) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + (value * (to - from)));
    }

    private sealed class Output(ExampleSource source, Action<Example> take, Action<string> tell) : IJoinOutput
    {
        public void Impression(in JoinedImpression impression)
        {
        }

        public void Example(Example example) => take(source.TestFrom is null ? example : example with { Split = source.SplitOf(example) });

        public void Settled(in Settlement settlement)
        {
            if (settlement.DeadLetter is { } letter)
            {
                tell($"{settlement.Position} is no event: {letter.Fault}");
            }
        }
    }
}
