using System.Net;
using System.Text;

namespace Ranking.Evaluation;

/// <summary>The report as one page that needs nothing else.</summary>
internal static class HtmlReport
{
    public static void Write(EvaluationReport report, TextWriter writer)
    {
        var page = new StringBuilder();
        page.Append(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Evaluation of {Text(report.Model.Name)}</title>
            <style>
            {Style()}</style>
            </head>
            <body>
            <main>
            <h1>Evaluation of {Text(report.Model.Name)}</h1>
            <p class="quiet">{Text(report.Model.Architecture)}, judged on {Words.Count(report.Data.Impressions)} impressions of {Words.Count(report.Data.Users)} users.</p>

            """);
        Summary(page, report);
        Identity(page, report);
        foreach (var output in report.Models[0].Outputs)
        {
            HtmlOutput.Write(page, report, output);
        }

        Slices(page, report);
        Notes(page, report);
        page.Append("</main>\n</body>\n</html>\n");
        writer.Write(page.Replace("\r\n", "\n"));
    }

    /// <summary>Text that may hold anything, as HTML.</summary>
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    private static void Summary(StringBuilder page, EvaluationReport report)
    {
        page.Append("<section class=\"summary\">\n<ul>\n");
        foreach (var output in report.Models[0].Outputs)
        {
            page.Append($"<li>{Text(Words.Summary(output))}</li>\n");
        }

        foreach (var against in report.Differences.GroupBy(difference => difference.Against))
        {
            var verdicts = against.Select(difference => $"{difference.Output} {Words.Signed(difference.AucDifference)} ({Words.Verdict(difference)})");
            page.Append($"<li>AUC against {Text(against.Key)}: {Text(string.Join(", ", verdicts))}.</li>\n");
        }

        page.Append("</ul>\n</section>\n");
    }

    private static void Identity(StringBuilder page, EvaluationReport report)
    {
        var (model, data) = (report.Model, report.Data);
        page.Append("<dl>\n");
        Add("Model", model.Name);
        Add("Version", model.Version ?? "not published");
        Add("Schema fingerprint", model.SchemaFingerprint);
        Add("Data", Words.Splits(data));
        Add("Time", $"{Words.Time(data.From)} to {Words.Time(data.To)} UTC");
        Add("Not scored", $"{Words.Count(data.Unscored)} impressions, left out");
        Add("Reconstructed", $"{Words.Count(data.Reconstructed)} impressions had lost their served record");
        page.Append("</dl>\n");

        void Add(string term, string value) => page.Append($"<dt>{term}</dt><dd>{Text(value)}</dd>\n");
    }

    private static void Slices(StringBuilder page, EvaluationReport report)
    {
        foreach (var feature in report.Slices.GroupBy(slice => slice.Feature))
        {
            page.Append($"<h2>By {Text(feature.Key)}</h2>\n<div class=\"table\"><table>\n<thead><tr><th>{Text(feature.Key)}</th><th>output</th>")
                .Append("<th>impressions</th><th>positive</th><th>AUC</th><th>log loss</th><th>predicted / observed</th></tr></thead>\n<tbody>\n");
            foreach (var slice in feature)
            {
                foreach (var output in slice.Outputs)
                {
                    page.Append($"<tr><td>{Text(slice.Value)}</td><td>{Text(output.Output)}</td><td>{Words.Count(output.Impressions)}</td>")
                        .Append($"<td>{Words.Count(output.Positives)}</td><td>{Words.Score(output.Auc)}</td><td>{Words.Score(output.LogLoss)}</td>")
                        .Append($"<td>{Words.Ratio(output.CalibrationRatio)}</td></tr>\n");
                }
            }

            page.Append("</tbody></table></div>\n");
        }
    }

    private static void Notes(StringBuilder page, EvaluationReport report)
    {
        page.Append(
            """
            <h2>How to read it</h2>
            <p class="quiet">AUC is the chance that a positive impression scores above a negative one; its 95 % interval is DeLong's, over
            impressions. Grouped AUC ranks within each user, weighted by impressions, over users with both classes; its interval is a
            bootstrap over users. Log loss is in nats. Predicted / observed is the mean prediction over the share of positives. The
            calibration error is the mean gap between prediction and outcome in 20 bins of equal size; <em>by chance</em> is what a
            perfectly calibrated model with these predictions would stay under in 95 of 100 samples.</p>

            """);
        if (report.Models.Length > 1)
        {
            page.Append("<p class=\"quiet\">The baselines are Microsoft.ML's, trained on the train split with the features that the model "
                + "reads: ids hashed to at most 32,768 slots a feature; trees see ids of more than 64 values by their frequency alone.</p>\n");
        }
    }

    private static string Style()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
