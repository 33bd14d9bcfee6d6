namespace Ranking.Evaluation;

/// <summary>The report in sentences, for whoever reads no further: what it comes to, then what to look at.</summary>
internal static class Summary
{
    private const int EnoughPositives = 100;

    public static IEnumerable<string> Of(EvaluationReport report) =>
    [
        .. Progressive(report),
        .. Compared(report),
        .. report.Models[0].Outputs.Select(Result),
        .. Baselines(report),
        .. report.Models[0].Objectives.Where(objective => double.IsFinite(objective.UserNdcg)).Select(Order),
        .. Unknown(report, Slicer.UserHistory, "New users"),
        .. Unknown(report, Slicer.ItemHistory, "Cold items"),
        .. Furthest(report),
        .. Important(report),
        .. Reservations(report),
    ];

    private static IEnumerable<string> Progressive(EvaluationReport report)
    {
        if (report.Model.Progressive)
        {
            yield return "Progressive: the model learned throughout, and each impression was predicted before its own outcome, or anything after it, was learned.";
        }
    }

    private static IEnumerable<string> Compared(EvaluationReport report)
    {
        if (report.Comparison is not { } comparison)
        {
            yield break;
        }

        var outputs = string.Join("; ", comparison.Outputs.Where(output => double.IsFinite(output.Figures[0].Difference)).Select(output =>
            $"{output.Output} {Words.Signed(output.Figures[0].Difference)} ({Words.Verdict(output.Verdict)})"));
        var least = comparison.MinimumDifference > 0 ? $" by more than {Words.Score(comparison.MinimumDifference)}" : "";
        yield return comparison.Verdict switch
        {
            Verdict.Better => $"This version is better{least} than {comparison.Name}, in AUC: {outputs}.",
            Verdict.Worse => $"This version is worse{least} than {comparison.Name}, in AUC: {outputs}.",
            _ => $"No difference{least} from {comparison.Name} can be told on this data, in AUC: {outputs}.",
        };
    }

    private static string Result(OutputReport output)
    {
        if (!double.IsFinite(output.Auc))
        {
            return $"{output.Output} cannot be ranked: its {Words.Count(output.Impressions)} impressions are of one class.";
        }

        var tenth = output.Gain.MinBy(point => Math.Abs(point.Rows - 0.1));
        var gain = 1 - (output.LogLoss / output.BaseRateLogLoss);
        var loss = gain >= 0 ? $"{Words.Percent(gain)} below" : $"{Words.Percent(-gain)} above";
        return $"{output.Output}: of a positive and a negative impression it puts the positive first in {Words.Percent(output.Auc)} of "
            + $"cases, by chance 50 % (AUC {Words.Score(output.Auc)}, 95 % {Words.Range(output.AucInterval)}); the best tenth by score holds "
            + $"{Words.Percent(tenth.Positives)} of the positives. Its log loss is {loss} the base rate's. {Calibrated(output.Calibration)}";
    }

    private static string Calibrated(CalibrationReport calibration)
    {
        var off = calibration.Ratio - 1;
        var mean = Math.Abs(off) < 0.0005 ? "predicts the right mean" : $"predicts {Words.Percent(Math.Abs(off))} too {(off > 0 ? "much" : "little")} on the whole";
        return calibration.ExpectedError <= calibration.PerfectBand
            ? $"It {mean}, and its calibration error is within what chance explains."
            : $"It {mean}, and its calibration error ({Words.Score(calibration.ExpectedError)}) is more than chance explains ({Words.Score(calibration.PerfectBand)}).";
    }

    private static IEnumerable<string> Baselines(EvaluationReport report) =>
        report.Differences.Where(difference => difference.Against != report.Comparison?.Name && double.IsFinite(difference.AucDifference)).GroupBy(difference => difference.Against)
            .Select(against => $"AUC against {against.Key}: "
                + $"{string.Join(", ", against.Select(difference => $"{difference.Output} {Words.Signed(difference.AucDifference)} ({Words.Verdict(difference)})"))}.");

    private static string Order(ObjectiveReport objective) =>
        $"Ordered by {objective.Objective}, a user's first {objective.At} impressions reach {Words.Percent(objective.UserNdcg)} of the best order "
        + $"(NDCG@{objective.At}, 95 % {Words.Range(objective.UserNdcgInterval)}).";

    private static IEnumerable<string> Unknown(EvaluationReport report, string feature, string who) =>
        report.Slices.Where(slice => slice.Feature == feature && slice.Value == "0").Select(slice =>
            $"{who}, with no impression in training, are {Words.Percent((double)slice.Impressions / report.Data.Impressions)} of the impressions: AUC there "
            + $"{string.Join(", ", slice.Outputs.Select(output => $"{output.Output} {Words.Score(output.Auc)}"))}.");

    // The slice whose mean prediction is wrong by most at the least: by the end of its interval that is nearer to right, since
    // of many slices one is always far off by chance.
    private static IEnumerable<string> Furthest(EvaluationReport report) =>
        report.Slices.SelectMany(slice => slice.Outputs, (slice, output) => (slice, output))
            .Where(pair => pair.output.Positives >= EnoughPositives
                && (pair.output.CalibrationRatioInterval[0] > 1 || pair.output.CalibrationRatioInterval[1] < 1))
            .OrderByDescending(pair => pair.output.CalibrationRatioInterval.Min(end => Math.Abs(Math.Log(end))))
            .Take(1)
            .Select(pair => $"Of the slices, the mean prediction is furthest off for {pair.output.Output} where {Words.SliceTitle(pair.slice.Feature)} is "
                + $"{pair.slice.Value}: predicted over observed is {Words.Ratio(pair.output.CalibrationRatio)} "
                + $"({Words.Ratio(pair.output.CalibrationRatioInterval[0])} to {Words.Ratio(pair.output.CalibrationRatioInterval[1])}).");

    private static IEnumerable<string> Important(EvaluationReport report)
    {
        var first = report.Models[0].Outputs[0].Output;
        var most = report.Importance?.Groups.Where(group => !group.IsUnion)
            .Select(group => (group.Group, Loss: group.Losses.Single(loss => loss.Output == first)))
            .Where(group => group.Loss.Interval[0] > 0).OrderByDescending(group => group.Loss.Loss).Take(3).ToList();
        if (most is { Count: > 0 })
        {
            yield return $"What {first} leans on most: {string.Join(", ", most.Select(group => $"{group.Group} (without it AUC loses {Words.Score(group.Loss.Loss)})"))}.";
        }
    }

    private static IEnumerable<string> Reservations(EvaluationReport report)
    {
        if (report.Data.Unscored > 0)
        {
            yield return $"{Words.Count(report.Data.Unscored)} further impressions had no score and are left out.";
        }

        if (report.Data.Reconstructed > 0)
        {
            yield return $"{Words.Count(report.Data.Reconstructed)} impressions had lost their served record: their features are reconstructed, not as served.";
        }

        if (report.Importance is { } importance && importance.Impressions < report.Data.Impressions)
        {
            yield return $"Feature importance is measured on {Words.Count(importance.Impressions)} impressions drawn at random; all else is on all of them.";
        }
    }
}
