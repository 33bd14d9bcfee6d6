using System.Text;

namespace Ranking.Evaluation;

/// <summary>The page's part about one output: every model in a table, then the charts.</summary>
internal static class HtmlOutput
{
    public static void Write(StringBuilder page, EvaluationReport report, OutputReport output)
    {
        var results = report.Models
            .Select((model, index) => (model.Name, Index: index, Output: model.Outputs.FirstOrDefault(other => other.Output == output.Output)))
            .Where(result => result.Output is not null)
            .Select(result => (result.Name, result.Index, Output: result.Output!))
            .ToList();
        page.Append($"<h2>{HtmlReport.Text(output.Output)}</h2>\n<p class=\"quiet\">Over {HtmlReport.Text(output.Population)}: {Words.Count(output.Impressions)}, ")
            .Append($"{Words.Count(output.Positives)} of them positive ({Words.Percent(output.Calibration.MeanObserved)}). Grouped AUC is over ")
            .Append($"{Words.Count(output.GroupedUsers)} users with both classes; {Words.Count(output.SingleClassUsers)} users with ")
            .Append($"{Words.Count(output.SingleClassImpressions)} impressions have one only.</p>\n");
        Table(page, report, output, results);
        page.Append($"<p class=\"quiet\">Always predicting the share of positives has a log loss of {Words.Score(output.BaseRateLogLoss)}; it predicts ")
            .Append($"{Words.Score(output.Calibration.MeanPredicted)} on the mean, and {Words.Score(output.Calibration.MeanObserved)} happened. ")
            .Append($"Over users, the AUC's interval is {Words.Range(output.AucUserInterval)}.</p>\n");
        if (output.BestAuc is { } best && double.IsFinite(best))
        {
            page.Append($"<p>The true probabilities have an AUC of {Words.Score(best)} on these impressions: the best possible.</p>\n");
        }

        if (output.OverAll is { } overAll)
        {
            page.Append($"<p>Over all impressions, against their true probabilities: AUC {Words.Score(overAll.Auc)} of the best possible {Words.Score(overAll.BestAuc)}.</p>\n");
        }

        if (output.Calibration.Bins.Length > 0)
        {
            Charts(page, output, results);
        }
    }

    private static void Table(
        StringBuilder page, EvaluationReport report, OutputReport output, List<(string Name, int Index, OutputReport Output)> results)
    {
        page.Append("<div class=\"table\"><table>\n<thead><tr><th>model</th><th>AUC</th>")
            .Append(results.Count > 1 ? "<th>model against it</th>" : "")
            .Append("<th>grouped AUC</th><th>average precision</th><th>log loss</th><th>predicted / observed</th><th>calibration error</th></tr></thead>\n<tbody>\n");
        foreach (var (name, index, result) in results)
        {
            page.Append(index == 0 ? "<tr class=\"judged\">" : "<tr>")
                .Append($"<td>{HtmlReport.Text(name)}</td><td>{Words.Score(result.Auc)}<small>{Words.Range(result.AucInterval)}</small></td>")
                .Append(results.Count > 1 ? Difference(report, output.Output, name) : "")
                .Append($"<td>{Words.Score(result.GroupedAuc)}<small>{Words.Range(result.GroupedAucInterval)}</small></td>")
                .Append($"<td>{Words.Score(result.AveragePrecision)}<small>{Words.Range(result.AveragePrecisionInterval)}</small></td>")
                .Append($"<td>{Words.Score(result.LogLoss)}<small>{Words.Range(result.LogLossInterval)}</small></td>")
                .Append($"<td>{Words.Ratio(result.Calibration.Ratio)}<small>{Words.Ratios(result.Calibration.RatioInterval)}</small></td>")
                .Append($"<td>{Words.Score(result.Calibration.ExpectedError)}<small>by chance {Words.Score(result.Calibration.PerfectBand)}</small></td></tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static string Difference(EvaluationReport report, string output, string against)
    {
        var difference = report.Differences.FirstOrDefault(other => other.Output == output && other.Against == against);
        if (difference is null)
        {
            return "<td></td>";
        }

        var verdict = Words.Verdict(difference);
        var style = verdict is "better" or "worse" ? $" class=\"{verdict}\"" : "";
        return $"<td{style}>{Words.Signed(difference.AucDifference)}<small>{verdict}</small></td>";
    }

    private static void Charts(StringBuilder page, OutputReport output, List<(string Name, int Index, OutputReport Output)> results)
    {
        page.Append("<div class=\"charts\">\n");
        Figure("Calibration", HtmlCurves.Calibration(output), $"{output.Calibration.Bins.Length} bins of equal size with 95 % intervals; on the dashed line, predictions are what happens.");
        if (!output.Roc.IsEmpty)
        {
            OutputReport[] models = [.. results.Select(result => result.Output)];
            var key = Key(results);
            Figure("Predictions by class", HtmlCurves.Scores(output), "", "<ul class=\"key\"><li><i class=\"positives\"></i>positive</li><li><i class=\"negatives\"></i>negative</li></ul>");
            Figure("ROC", HtmlCurves.Roc(output.Output, models), "Dashed: chance.", key);
            Figure("Precision and recall", HtmlCurves.PrecisionRecall(output.Output, models), "Dashed: the share of positives, which chance reaches.", key);
            Figure("Gain", HtmlCurves.Gain(output.Output, models), "Which share of the positives the best impressions by score hold.", key);
            Figure("Lift", HtmlCurves.Lift(output.Output, models), "How many times more positives they hold than as many at random.", key);
        }

        page.Append("</div>\n");

        void Figure(string title, string chart, string caption, string key = "") =>
            page.Append($"<figure><h3>{title}</h3>{chart}{key}").Append(caption.Length > 0 ? $"<figcaption>{caption}</figcaption>" : "").Append("</figure>\n");
    }

    private static string Key(List<(string Name, int Index, OutputReport Output)> results) => results.Count == 1 ? ""
        : $"<ul class=\"key\">{string.Concat(results.Select((result, at) => $"<li>{HtmlChart.Swatch(at)}{HtmlReport.Text(result.Name)}</li>"))}</ul>";
}
