using System.Text;

namespace Ranking.Evaluation;

/// <summary>The page's part about another version.</summary>
internal static class HtmlComparison
{
    public static void Write(StringBuilder page, EvaluationReport report)
    {
        if (report.Comparison is not { } comparison)
        {
            return;
        }

        page.Append($"<h2>Against {HtmlReport.Text(comparison.Name)}</h2>\n<p class=\"quiet\">On the same impressions, in pairs. An output is better or worse ")
            .Append("where two intervals of its difference in AUC, DeLong's over impressions and the bootstrap's over users, both lie ")
            .Append(comparison.MinimumDifference > 0 ? $"beyond the declared {Words.Score(comparison.MinimumDifference)}" : "apart from 0")
            .Append(".</p>\n<div class=\"table\"><table class=\"figures\">\n<thead><tr><th>output</th><th>figure</th><th>this version</th><th>")
            .Append($"{HtmlReport.Text(comparison.Name)}</th><th>difference</th><th>verdict</th></tr></thead>\n<tbody>\n");
        foreach (var output in comparison.Outputs)
        {
            var verdict = Words.Verdict(output.Verdict);
            foreach (var figure in output.Figures.Where(figure => figure == output.Figures[0] || double.IsFinite(figure.Difference)))
            {
                var isFirst = figure == output.Figures[0];
                Row(
                    page, isFirst ? output.Output : "", figure,
                    isFirst ? $"<br/>DeLong {Words.SignedRange(output.Delong)}" : "",
                    isFirst ? $"<td class=\"{(output.Verdict == Verdict.NoDifference ? "quiet" : verdict)}\">{verdict}</td>" : "<td></td>");
            }
        }

        foreach (var figure in comparison.Objectives.Where(figure => double.IsFinite(figure.Difference)))
        {
            Row(page, "", figure, "", "<td></td>");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static void Row(StringBuilder page, string output, ComparedFigure figure, string more, string verdict) =>
        page.Append(output.Length > 0 ? "<tr class=\"first\">" : "<tr>")
            .Append($"<td>{HtmlReport.Text(output)}</td><td>{HtmlReport.Text(figure.Figure)}</td><td>{Words.Score(figure.Value)}</td>")
            .Append($"<td>{Words.Score(figure.Other)}</td><td>{Words.Signed(figure.Difference)}<small>{Words.SignedRange(figure.Interval)}{more}</small></td>")
            .Append($"{verdict}</tr>\n");
}
