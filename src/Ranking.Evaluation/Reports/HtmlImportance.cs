using System.Globalization;
using System.Text;

namespace Ranking.Evaluation;

/// <summary>The page's part about what the features are worth: bars of the AUC that each output loses.</summary>
internal static class HtmlImportance
{
    private const int MostGroups = 100;

    public static void Write(StringBuilder page, EvaluationReport report)
    {
        if (report.Importance is not { } importance)
        {
            return;
        }

        page.Append($"<h2>What the features are worth</h2>\n<p class=\"quiet\">The AUC that is lost where a feature takes its value from another impression, ")
            .Append($"over {Words.Count(importance.Impressions)} impressions, with paired 95 % intervals. Features that say the same lose little each; ")
            .Append("the groups show what they are worth together.</p>\n");
        Table(page, "Together", [.. importance.Groups.Where(group => group.IsUnion)]);
        Table(page, "Each", [.. importance.Groups.Where(group => !group.IsUnion).Take(MostGroups)]);
        if (importance.Groups.Count(group => !group.IsUnion) is var groups && groups > MostGroups)
        {
            page.Append($"<p class=\"quiet\">And {groups - MostGroups} more, in the report as JSON and CSV.</p>\n");
        }
    }

    private static void Table(StringBuilder page, string title, GroupImportance[] groups)
    {
        if (groups.Length == 0)
        {
            return;
        }

        var most = Math.Max(1e-9, groups.Max(group => group.Losses.Max(loss => loss.Loss)));
        page.Append($"<h3>{title}</h3>\n<div class=\"table\"><table class=\"bars\">\n<thead><tr><th>features</th>")
            .Append(string.Concat(groups[0].Losses.Select(loss => $"<th>{HtmlReport.Text(loss.Output)}</th>"))).Append("</tr></thead>\n<tbody>\n");
        foreach (var group in groups)
        {
            page.Append($"<tr><td>{HtmlReport.Text(group.Group)}{Members(group)}</td>");
            foreach (var loss in group.Losses)
            {
                var share = Math.Clamp(100 * loss.Loss / most, 0, 100).ToString("0.#", CultureInfo.InvariantCulture);
                page.Append($"<td><span class=\"bar\" style=\"width:{share}%\"></span>{Words.Signed(loss.Loss)}<small>{Words.SignedRange(loss.Interval)}</small></td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static string Members(GroupImportance group) => group.Features is [var only] && only == group.Group ? ""
        : $"<small>{HtmlReport.Text(string.Join(", ", group.Features.Take(8)))}{(group.Features.Length > 8 ? $" and {group.Features.Length - 8} more" : "")}</small>";
}
