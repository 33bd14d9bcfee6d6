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
        Sentences(page, report);
        Identity(page, report);
        HtmlComparison.Write(page, report);
        foreach (var output in report.Models[0].Outputs)
        {
            HtmlOutput.Write(page, report, output);
        }

        HtmlOrder.Write(page, report);
        HtmlSlices.Write(page, report);
        HtmlImportance.Write(page, report);
        Notes(page, report);
        page.Append("</main>\n</body>\n</html>\n");
        writer.Write(page.Replace("\r\n", "\n"));
    }

    /// <summary>Text that may hold anything, as HTML.</summary>
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    private static void Sentences(StringBuilder page, EvaluationReport report)
    {
        page.Append("<section class=\"summary\">\n");
        if (report.Comparison is { } comparison)
        {
            page.Append($"<p class=\"verdict {comparison.Verdict.ToString().ToLowerInvariant()}\">{Text(Words.Verdict(comparison.Verdict))}")
                .Append(comparison.Verdict == Verdict.NoDifference ? " from " : " than ").Append($"{Text(comparison.Name)}</p>\n");
        }

        page.Append("<ul>\n");
        foreach (var sentence in Summary.Of(report))
        {
            // A number and its unit stay on one line.
            page.Append($"<li>{Text(sentence).Replace(" %", "&#160;%", StringComparison.Ordinal)}</li>\n");
        }

        page.Append("</ul>\n</section>\n");
    }

    private static void Identity(StringBuilder page, EvaluationReport report)
    {
        var (model, data) = (report.Model, report.Data);
        page.Append("<dl>\n");
        Add("Model", model.Name);
        Add("Version", Words.Version(model));
        Add("Schema fingerprint", model.SchemaFingerprint);
        Add("Data", Words.Splits(data));
        Add("Time", $"{Words.Time(data.From)} to {Words.Time(data.To)} UTC");
        Add("Not scored", $"{Words.Count(data.Unscored)} impressions, left out");
        Add("Reconstructed", $"{Words.Count(data.Reconstructed)} impressions had lost their served record");
        page.Append("</dl>\n");

        void Add(string term, string value) => page.Append($"<dt>{term}</dt><dd>{Text(value)}</dd>\n");
    }

    private static void Notes(StringBuilder page, EvaluationReport report)
    {
        page.Append(
            """
            <h2>How to read it</h2>
            <p class="quiet">AUC is the chance that a positive impression scores above a negative one; its 95 % interval is DeLong's, over
            impressions. Grouped AUC ranks within each user, weighted by impressions, over users with both classes. Average precision is
            the area under the precision-recall curve, to be compared with the share of positives. Log loss is in nats. Predicted /
            observed is the mean prediction over the share of positives. The calibration error is the mean gap between prediction and
            outcome in 20 bins of equal size; <em>by chance</em> is what a perfectly calibrated model with these predictions would stay
            under in 95 of 100 samples. NDCG compares the order that an objective gives with the best one, an impression counting what
            the objective's formula gives for what happened.</p>

            """);
        page.Append($"<p class=\"quiet\">Other intervals are 95 % percentiles over {Words.Count(report.Sampling.Resamples)} draws of all users with ")
            .Append("replacement, each with all of its impressions. Figures, curves and slices are over all judged impressions");
        page.Append(report.Importance is null ? ".</p>\n" : $"; feature importance is over {Words.Count(report.Importance.Impressions)} of them.</p>\n");
        if (report.Models.Length > (report.Comparison is null ? 1 : 2))
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
