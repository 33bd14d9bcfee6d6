using Ranking.Metrics;

namespace Ranking.Evaluation;

/// <summary>The charts of one output. Of several models the first is drawn last, on top.</summary>
internal static class HtmlCurves
{
    /// <summary>Mean observed over mean predicted, a dot a bin.</summary>
    public static string Calibration(OutputReport output)
    {
        var bins = output.Calibration.Bins;
        var most = Math.Min(1, HtmlChart.NiceMaximum(bins.Max(bin => Math.Max(bin.MeanPredicted, bin.MeanObserved))));
        var chart = new HtmlChart(
            $"Calibration of {output.Output}: observed share over mean prediction in bins of equal size", "mean prediction", "↑ observed share", most, most)
            .Line("even", (0, 0), (most, most));
        foreach (var bin in bins)
        {
            chart.Dot(
                bin.MeanPredicted, bin.MeanObserved, bin.Observed.Lower, bin.Observed.Upper,
                $"{Words.Count(bin.Rows)} impressions: predicted {Words.Score(bin.MeanPredicted)}, observed {Words.Score(bin.MeanObserved)}");
        }

        return chart.End();
    }

    public static string Roc(string output, IReadOnlyList<OutputReport> models) => Curves(
        new HtmlChart($"ROC curves of {output}", "false positive rate", "↑ true positive rate", 1, 1).Line("even", (0, 0), (1, 1)),
        models, model => model.Roc.Select(point => (point.FalsePositiveRate, point.TruePositiveRate)));

    public static string PrecisionRecall(string output, IReadOnlyList<OutputReport> models)
    {
        var share = models[0].Calibration.MeanObserved;
        var most = Math.Min(1, HtmlChart.NiceMaximum(Math.Max(share, models.Max(model => model.PrecisionRecall.Max(point => point.Precision)))));
        return Curves(
            new HtmlChart($"Precision-recall curves of {output}", "recall", "↑ precision", 1, most).Line("even", (0, share), (1, share)),
            models, model => model.PrecisionRecall.Select(point => (point.Recall, point.Precision)));
    }

    public static string Gain(string output, IReadOnlyList<OutputReport> models) => Curves(
        new HtmlChart($"Gain curves of {output}: share of positives over share of impressions, the best first", "share of impressions, best first", "↑ share of positives", 1, 1)
            .Line("even", (0, 0), (1, 1)),
        models, model => model.Gain.Select(point => (point.Rows, point.Positives)).Prepend((0, 0)));

    public static string Lift(string output, IReadOnlyList<OutputReport> models) => Curves(
        new HtmlChart($"Lift curves of {output}: positives over those of as many impressions at random", "share of impressions, best first", "↑ lift", 1,
            HtmlChart.NiceMaximum(models.Max(model => model.Gain.Max(point => point.Lift)))).Line("even", (0, 1), (1, 1)),
        models, model => model.Gain.Select(point => (point.Rows, point.Lift)));

    /// <summary>How the predictions of each class are spread: the share of its rows in each bin.</summary>
    public static string Scores(OutputReport output)
    {
        var bins = output.Scores;
        var (positives, negatives) = ((double)bins.Sum(bin => bin.Positives), (double)bins.Sum(bin => bin.Negatives));
        var most = HtmlChart.NiceMaximum(bins.Max(bin => Math.Max(bin.Positives / positives, bin.Negatives / negatives)));
        return new HtmlChart($"Distribution of the predictions of {output.Output}, by class", "prediction", "↑ share of the class", bins[^1].To, most)
            .Line("curve negatives", Steps(bin => bin.Negatives / negatives))
            .Line("curve positives", Steps(bin => bin.Positives / positives))
            .End();

        IEnumerable<(double, double)> Steps(Func<ScoreBin, double> height) =>
            [(0, 0), .. bins.SelectMany(bin => new[] { (bin.From, height(bin)), (bin.To, height(bin)) }), (bins[^1].To, 0)];
    }

    private static string Curves(HtmlChart chart, IReadOnlyList<OutputReport> models, Func<OutputReport, IEnumerable<(double X, double Y)>> points)
    {
        for (var i = models.Count - 1; i >= 0; i--)
        {
            chart.Line($"curve s{i}", points(models[i]));
        }

        return chart.End();
    }
}
