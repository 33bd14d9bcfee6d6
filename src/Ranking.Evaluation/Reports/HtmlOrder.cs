using System.Text;

namespace Ranking.Evaluation;

/// <summary>The page's part about the order that the objectives give.</summary>
internal static class HtmlOrder
{
    public static void Write(StringBuilder page, EvaluationReport report)
    {
        if (report.Models.All(model => model.Objectives.IsEmpty))
        {
            return;
        }

        page.Append("<h2>Order by objective</h2>\n<div class=\"table\"><table class=\"figures\">\n<thead><tr><th>objective</th><th>model</th><th>NDCG within users</th>")
            .Append("<th>users</th><th>NDCG within requests</th><th>requests</th></tr></thead>\n<tbody>\n");
        foreach (var objective in report.Models.SelectMany(model => model.Objectives.Select(objective => (model.Name, Objective: objective)))
            .GroupBy(pair => pair.Objective.Objective))
        {
            var isFirst = true;
            foreach (var (name, result) in objective)
            {
                page.Append(isFirst ? "<tr class=\"first judged\">" : "<tr>")
                    .Append(isFirst ? $"<td>{HtmlReport.Text(result.Objective)}<small>{HtmlReport.Text(result.Formula)}</small></td>" : "<td></td>")
                    .Append($"<td>{HtmlReport.Text(name)}</td><td>{Words.Score(result.UserNdcg)}<small>{Words.Range(result.UserNdcgInterval)}</small></td>")
                    .Append($"<td>{Words.Count(result.UserLists)}<small>{Words.Count(result.UserListsLeftOut)} left out</small></td>")
                    .Append($"<td>{Words.Score(result.RequestNdcg)}<small>{Words.Range(result.RequestNdcgInterval)}</small></td>")
                    .Append($"<td>{Words.Count(result.RequestLists)}<small>{Words.Count(result.RequestListsLeftOut)} left out</small></td></tr>\n");
                isFirst = false;
            }
        }

        page.Append("</tbody></table></div>\n<p class=\"quiet\">Left out are lists whose impressions are all worth the same, which no order can spoil. ")
            .Append("A request is what a user saw at one time.</p>\n");
    }
}
