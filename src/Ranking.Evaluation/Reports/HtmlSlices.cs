using System.Text;

namespace Ranking.Evaluation;

/// <summary>The page's part about slices: a table each, over time with charts before it, closed until asked for where it is long.</summary>
internal static class HtmlSlices
{
    private const int MostRows = 2000;
    private const int LongTable = 36;

    public static void Write(StringBuilder page, EvaluationReport report)
    {
        var left = MostRows;
        foreach (var feature in report.Slices.GroupBy(slice => slice.Feature))
        {
            var rows = feature.Sum(slice => slice.Outputs.Length);
            if (rows > left)
            {
                page.Append($"<h2>By {HtmlReport.Text(Words.SliceTitle(feature.Key))}</h2>\n<p class=\"quiet\">{Words.Count(rows)} lines, too many for this page: ")
                    .Append("they are in the report as JSON and CSV.</p>\n");
                continue;
            }

            left -= rows;
            page.Append($"<details{(rows > LongTable ? "" : " open=\"open\"")}><summary><h2>By {HtmlReport.Text(Words.SliceTitle(feature.Key))}</h2></summary>\n");
            HtmlOverTime.Write(page, [.. feature]);
            Table(page, feature.Key, [.. feature]);
            page.Append("</details>\n");
        }
    }

    private static void Table(StringBuilder page, string feature, SliceReport[] slices)
    {
        page.Append($"<div class=\"table\"><table class=\"figures\">\n<thead><tr><th>{HtmlReport.Text(Words.SliceTitle(feature))}</th><th>output</th>")
            .Append("<th>impressions</th><th>positive</th><th>AUC</th><th>grouped AUC</th><th>average precision</th><th>log loss</th>")
            .Append("<th>predicted / observed</th></tr></thead>\n<tbody>\n");
        foreach (var slice in slices)
        {
            foreach (var output in slice.Outputs)
            {
                page.Append(output == slice.Outputs[0] ? "<tr class=\"first\">" : "<tr>")
                    .Append($"<td>{HtmlReport.Text(slice.Value)}</td><td>{HtmlReport.Text(output.Output)}</td><td>{Words.Count(output.Impressions)}</td>")
                    .Append($"<td>{Words.Count(output.Positives)}</td><td>{Words.Score(output.Auc)}<small>{Words.Range(output.AucInterval)}</small></td>")
                    .Append($"<td>{Words.Score(output.GroupedAuc)}<small>{Words.Range(output.GroupedAucInterval)}</small></td>")
                    .Append($"<td>{Words.Score(output.AveragePrecision)}<small>{Words.Range(output.AveragePrecisionInterval)}</small></td>")
                    .Append($"<td>{Words.Score(output.LogLoss)}<small>{Words.Range(output.LogLossInterval)}</small></td>")
                    .Append($"<td>{Words.Ratio(output.CalibrationRatio)}<small>{Words.Ratios(output.CalibrationRatioInterval)}</small></td></tr>\n");
            }

            foreach (var objective in slice.Objectives)
            {
                page.Append($"<tr><td>{HtmlReport.Text(slice.Value)}</td><td colspan=\"8\" class=\"wide\">NDCG@{objective.At} of ")
                    .Append($"{HtmlReport.Text(objective.Objective)} within users {Words.Score(objective.UserNdcg)} ({Words.Range(objective.UserNdcgInterval)})</td></tr>\n");
            }
        }

        page.Append("</tbody></table></div>\n");
    }
}
