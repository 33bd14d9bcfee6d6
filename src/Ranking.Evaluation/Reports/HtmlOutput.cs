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
        if (output.BestAuc is { } best)
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
            .Append("<th>grouped AUC</th><th>log loss</th><th>predicted / observed</th><th>calibration error</th></tr></thead>\n<tbody>\n");
        foreach (var (name, index, result) in results)
        {
            page.Append(index == 0 ? "<tr class=\"judged\">" : "<tr>")
                .Append($"<td>{HtmlReport.Text(name)}</td><td>{Words.Score(result.Auc)}<small>{Words.Range(result.AucInterval)}</small></td>")
                .Append(results.Count > 1 ? Difference(report, output.Output, name) : "")
                .Append($"<td>{Words.Score(result.GroupedAuc)}<small>{Words.Range(result.GroupedAucInterval)}</small></td>")
                .Append($"<td>{Words.Score(result.LogLoss)}<small>base rate {Words.Score(result.BaseRateLogLoss)}</small></td>")
                .Append($"<td>{Words.Ratio(result.Calibration.Ratio)}<small>{Words.Score(result.Calibration.MeanPredicted)} / {Words.Score(result.Calibration.MeanObserved)}</small></td>")
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
        page.Append("<div class=\"charts\">\n<figure><h3>Calibration</h3>").Append(HtmlChart.Calibration(output))
            .Append($"<figcaption>{output.Calibration.Bins.Length} bins of equal size; on the dashed line, predictions are what happens.</figcaption></figure>\n");
        var drawn = results.Where(result => !result.Output.Roc.IsEmpty).ToList();
        if (drawn.Count > 0)
        {
            page.Append("<figure><h3>ROC</h3>").Append(HtmlChart.Roc(output.Output, [.. drawn.Select(result => result.Output.Roc)])).Append("<ul class=\"key\">");
            for (var i = 0; i < drawn.Count; i++)
            {
                page.Append($"<li>{HtmlChart.Swatch(i)}{HtmlReport.Text(drawn[i].Name)} {Words.Score(drawn[i].Output.Auc)}</li>");
            }

            page.Append("</ul></figure>\n");
        }

        page.Append("</div>\n");
    }
}
