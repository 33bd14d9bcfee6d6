using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Metrics;

namespace Ranking.Evaluation;

/// <summary>Judges one output on the impressions that it can be judged on.</summary>
internal sealed class Judge
{
    private const int CurvePoints = 50;
    private readonly JudgedOutput output;
    private readonly EvaluationOptions options;
    private readonly TaskSet tasks;
    private readonly int[] rows;
    private readonly bool[] labels;
    private readonly ulong[] users;
    private readonly UserBootstrap bootstrap;

    public Judge(JudgedOutput output, TaskSet tasks, IReadOnlyList<LabelledImpression> impressions, EvaluationOptions options)
    {
        this.output = output;
        this.options = options;
        this.tasks = tasks;
        rows = [.. Enumerable.Range(0, impressions.Count).Where(row => output.Counts(tasks, impressions[row]))];
        labels = [.. rows.Select(row => output.IsPositive(tasks, impressions[row]))];
        users = [.. rows.Select(row => impressions[row].Example.User)];
        bootstrap = new UserBootstrap(users, labels);
    }

    /// <summary>How many impressions count.</summary>
    public int Rows => rows.Length;

    /// <summary>The report of one model's probabilities.</summary>
    /// <param name="probabilities">[impressions] the model's.</param>
    /// <param name="truth">[impressions][tasks] true probabilities, where they are known.</param>
    /// <param name="resamples">How many times users are drawn.</param>
    public OutputReport Report(float[] probabilities, float[][]? truth, int resamples)
    {
        var scores = Pick(probabilities);
        var figures = Figures(scores, resamples);
        var grouped = GroupedAuc.Of(scores, labels, users);
        return new OutputReport
        {
            Output = output.Name,
            Population = output.Population(tasks),
            Impressions = rows.Length,
            Positives = figures.Positives,
            Auc = figures.Auc,
            AucInterval = figures.AucInterval,
            AucUserInterval = figures.AucUserInterval,
            BestAuc = truth is null ? null : Auc.Of(Array.ConvertAll(rows, row => output.Truth(tasks, truth[row])), labels),
            GroupedAuc = figures.GroupedAuc,
            GroupedAucInterval = figures.GroupedAucInterval,
            GroupedUsers = grouped.Users,
            SingleClassUsers = grouped.SkippedUsers,
            SingleClassImpressions = grouped.SkippedImpressions,
            AveragePrecision = figures.AveragePrecision,
            AveragePrecisionInterval = figures.AveragePrecisionInterval,
            LogLoss = figures.LogLoss,
            LogLossInterval = figures.LogLossInterval,
            BaseRateLogLoss = LogLoss.OfBaseRate(figures.Positives, rows.Length),
            Calibration = CalibrationOf(scores, figures.CalibrationRatioInterval),
            OverAll = truth is null || output.IsJoint || tasks.ParentOf(output.Task) < 0 ? null : OverAll(probabilities, truth),
            Roc = [.. RocCurve.Of(scores, labels, CurvePoints)],
            PrecisionRecall = [.. PrecisionRecallCurve.Of(scores, labels, CurvePoints)],
            Gain = [.. GainCurve.Of(scores, labels, CurvePoints)],
            Scores = [.. ScoreHistogram.Of(scores, labels)],
        };
    }

    /// <summary>The figures of a slice that this judge's impressions are.</summary>
    public SliceOutputReport ReportSlice(float[] probabilities, int resamples) => Figures(Pick(probabilities), resamples);

    /// <summary>How one model's AUC differs from another's on these rows.</summary>
    public DifferenceReport Compare(string against, float[] probabilities, float[] others)
    {
        var difference = DeLong.Compare(Pick(probabilities), Pick(others), labels);
        return new DifferenceReport(output.Name, against, difference.Difference, Ends(difference.Interval));
    }

    /// <summary>Every figure of two models side by side, with the difference's interval over users, in pairs.</summary>
    public ImmutableArray<ComparedFigure> CompareFigures(float[] probabilities, float[] others, int resamples)
    {
        var (scores, against) = (Pick(probabilities), Pick(others));
        var (first, second) = (bootstrap.Run(scores, options.Seed, resamples), bootstrap.Run(against, options.Seed, resamples));
        var (grouped, groupedAgainst) = (GroupedAuc.Of(scores, labels, users), GroupedAuc.Of(against, labels, users));
        return
        [
            Compared("AUC", Auc.Of(scores, labels), Auc.Of(against, labels), first.Auc, second.Auc),
            Compared(
                "grouped AUC", grouped.Value, groupedAgainst.Value,
                grouped.Resample(options.Seed, resamples), groupedAgainst.Resample(options.Seed, resamples)),
            Compared(
                "average precision", AveragePrecision.Of(scores, labels), AveragePrecision.Of(against, labels),
                first.AveragePrecision, second.AveragePrecision),
            Compared("log loss", LogLoss.Of(scores, labels), LogLoss.Of(against, labels), first.LogLoss, second.LogLoss),
            Compared(
                "predicted / observed", Calibration.Of(scores, labels).Ratio, Calibration.Of(against, labels).Ratio,
                first.CalibrationRatio, second.CalibrationRatio),
        ];
    }

    private SliceOutputReport Figures(float[] scores, int resamples)
    {
        var auc = DeLong.Estimate(scores, labels);
        var grouped = GroupedAuc.Of(scores, labels, users);
        var resampled = bootstrap.Run(scores, options.Seed, resamples);
        return new SliceOutputReport
        {
            Output = output.Name,
            Impressions = rows.Length,
            Positives = labels.AsSpan().Count(true),
            Auc = auc.Auc,
            AucInterval = Ends(auc.Interval),
            AucUserInterval = Ends(Interval.OfResampled(resampled.Auc)),
            GroupedAuc = grouped.Value,
            GroupedAucInterval = Ends(grouped.Bootstrap(options.Seed, resamples)),
            AveragePrecision = AveragePrecision.Of(scores, labels),
            AveragePrecisionInterval = Ends(Interval.OfResampled(resampled.AveragePrecision)),
            LogLoss = LogLoss.Of(scores, labels),
            LogLossInterval = Ends(Interval.OfResampled(resampled.LogLoss)),
            CalibrationRatio = Calibration.Of(scores, labels).Ratio,
            CalibrationRatioInterval = Ends(Interval.OfResampled(resampled.CalibrationRatio)),
        };
    }

    private static ComparedFigure Compared(string figure, double value, double other, double[] first, double[] second) =>
        new(figure, value, other, value - other, Ends(Interval.OfPaired(first, second)));

    private CalibrationReport CalibrationOf(float[] scores, ImmutableArray<double> ratioInterval)
    {
        var calibration = Calibration.Of(scores, labels);
        return new CalibrationReport(
            calibration.MeanPredicted, calibration.MeanObserved, calibration.Ratio, ratioInterval,
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
