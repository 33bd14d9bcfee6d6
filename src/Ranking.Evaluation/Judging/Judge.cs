using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Metrics;

namespace Ranking.Evaluation;

/// <summary>Judges one output on the impressions that it can be judged on.</summary>
internal sealed class Judge
{
    private readonly JudgedOutput output;
    private readonly TaskSet tasks;
    private readonly int[] rows;
    private readonly bool[] labels;
    private readonly ulong[] users;

    public Judge(JudgedOutput output, TaskSet tasks, IReadOnlyList<LabelledImpression> impressions)
    {
        this.output = output;
        this.tasks = tasks;
        rows = [.. Enumerable.Range(0, impressions.Count).Where(row => output.Counts(tasks, impressions[row]))];
        labels = [.. rows.Select(row => output.IsPositive(tasks, impressions[row]))];
        users = [.. rows.Select(row => impressions[row].Example.User)];
    }

    /// <summary>The report of one model's probabilities.</summary>
    /// <param name="probabilities">[impressions] the model's.</param>
    /// <param name="truth">[impressions][tasks] true probabilities, where they are known.</param>
    /// <param name="options">Seed and resamples.</param>
    public OutputReport Report(float[] probabilities, float[][]? truth, EvaluationOptions options)
    {
        var scores = Pick(probabilities);
        var auc = DeLong.Estimate(scores, labels);
        var grouped = GroupedAuc.Of(scores, labels, users);
        var positives = labels.AsSpan().Count(true);
        return new OutputReport
        {
            Output = output.Name,
            Population = output.Population(tasks),
            Impressions = rows.Length,
            Positives = positives,
            Auc = auc.Auc,
            AucInterval = Ends(auc.Interval),
            BestAuc = truth is null ? null : Auc.Of(Array.ConvertAll(rows, row => output.Truth(tasks, truth[row])), labels),
            GroupedAuc = grouped.Value,
            GroupedAucInterval = Ends(grouped.Bootstrap(options.Seed, options.Resamples)),
            GroupedUsers = grouped.Users,
            SingleClassUsers = grouped.SkippedUsers,
            SingleClassImpressions = grouped.SkippedImpressions,
            LogLoss = LogLoss.Of(scores, labels),
            BaseRateLogLoss = LogLoss.OfBaseRate(positives, rows.Length),
            Calibration = CalibrationOf(scores, options),
            OverAll = truth is null || output.IsJoint || tasks.ParentOf(output.Task) < 0 ? null : OverAll(probabilities, truth),
            Roc = [.. RocCurve.Of(scores, labels, 50)],
        };
    }

    /// <summary>How one model's AUC differs from another's on these rows.</summary>
    public DifferenceReport Compare(string against, float[] probabilities, float[] others)
    {
        var difference = DeLong.Compare(Pick(probabilities), Pick(others), labels);
        return new DifferenceReport(output.Name, against, difference.Difference, Ends(difference.Interval));
    }

    /// <summary>The few figures of a slice: over the rows of this judge that are in it.</summary>
    public SliceOutputReport ReportSlice(float[] probabilities, Func<int, bool> isIn)
    {
        int[] picked = [.. Enumerable.Range(0, rows.Length).Where(at => isIn(rows[at]))];
        float[] scores = [.. picked.Select(at => probabilities[rows[at]])];
        bool[] sliced = [.. picked.Select(at => labels[at])];
        var calibration = Calibration.Of(scores, sliced);
        return new SliceOutputReport(
            output.Name, picked.Length, sliced.AsSpan().Count(true), Auc.Of(scores, sliced), LogLoss.Of(scores, sliced), calibration.Ratio);
    }

    private CalibrationReport CalibrationOf(float[] scores, EvaluationOptions options)
    {
        var calibration = Calibration.Of(scores, labels);
        return new CalibrationReport(
            calibration.MeanPredicted, calibration.MeanObserved, calibration.Ratio,
            calibration.ExpectedError, calibration.PerfectBand(options.Seed), calibration.Bins);
    }

    // A conditional task is defined for every impression; only its true probabilities can judge it there.
    private OverAllReport OverAll(float[] probabilities, float[][] truth)
    {
        var conditional = Array.ConvertAll(truth, row => row[output.Task]);
        return new OverAllReport(Auc.Expected(probabilities, conditional), Auc.Expected(conditional, conditional));
    }

    private float[] Pick(float[] probabilities) => Array.ConvertAll(rows, row => probabilities[row]);

    private static ImmutableArray<double> Ends(Interval interval) => [interval.Lower, interval.Upper];
}
