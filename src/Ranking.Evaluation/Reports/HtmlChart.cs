using System.Globalization;
using System.Text;
using Ranking.Metrics;

namespace Ranking.Evaluation;

/// <summary>Square charts as inline SVG; colours come from the page's style, so that they follow light and dark.</summary>
internal sealed class HtmlChart
{
    private const double Left = 44, Top = 8, Side = 300, Bottom = 40;
    private readonly StringBuilder svg = new();
    private readonly double most;

    private HtmlChart(string description, string across, string up, double most)
    {
        this.most = most;
        var (width, height) = (Left + Side + 12, Top + Side + Bottom);
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{HtmlReport.Text(description)}\">");
        for (var step = 0; step <= 4; step++)
        {
            var at = most * step / 4;
            var label = at.ToString(most < 0.04 ? "0.0000" : most < 0.4 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
            var style = step == 0 ? "axis" : "grid";
            svg.Append($"<line class=\"{style}\" x1=\"{X(at)}\" x2=\"{X(at)}\" y1=\"{Y(0)}\" y2=\"{Y(most)}\"/>")
                .Append($"<line class=\"{style}\" x1=\"{X(0)}\" x2=\"{X(most)}\" y1=\"{Y(at)}\" y2=\"{Y(at)}\"/>")
                .Append($"<text x=\"{X(at)}\" y=\"{Number(Top + Side + 16)}\" text-anchor=\"middle\">{label}</text>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(Left - 6)}\" y=\"{Number(Top + Side - (Side * step / 4) + 4)}\" text-anchor=\"end\">{label}</text>");
        }

        svg.Append($"<text x=\"{Number(Left + (Side / 2))}\" y=\"{Number(Top + Side + 33)}\" text-anchor=\"middle\">{across}</text>")
            .Append($"<text x=\"{Number(Left + 8)}\" y=\"{Number(Top + 14)}\">{up}</text>")
            .Append($"<line class=\"even\" x1=\"{X(0)}\" y1=\"{Y(0)}\" x2=\"{X(most)}\" y2=\"{Y(most)}\"/>");
    }

    /// <summary>Mean observed over mean predicted, a dot a bin.</summary>
    public static string Calibration(OutputReport output)
    {
        var most = NiceMaximum(output.Calibration.Bins.Max(bin => Math.Max(bin.MeanPredicted, bin.MeanObserved)));
        var chart = new HtmlChart($"Calibration of {output.Output}: observed share over mean prediction in bins of equal size", "mean prediction", "↑ observed share", most);
        foreach (var bin in output.Calibration.Bins)
        {
            chart.svg.Append(
                $"<circle class=\"dot\" cx=\"{chart.X(bin.MeanPredicted)}\" cy=\"{chart.Y(bin.MeanObserved)}\" r=\"4\"><title>"
                + $"{Words.Count(bin.Rows)} impressions: predicted {Words.Score(bin.MeanPredicted)}, observed {Words.Score(bin.MeanObserved)}</title></circle>");
        }

        return chart.End();
    }

    /// <summary>The ROC curve of each model; the first is drawn last, on top.</summary>
    public static string Roc(string output, IReadOnlyList<IReadOnlyList<RocPoint>> curves)
    {
        var chart = new HtmlChart($"ROC curves of {output}", "false positive rate", "↑ true positive rate", 1);
        for (var i = curves.Count - 1; i >= 0; i--)
        {
            var points = curves[i].Select(point => $"{chart.X(point.FalsePositiveRate)},{chart.Y(point.TruePositiveRate)}");
            chart.svg.Append($"<polyline class=\"curve s{i}\" points=\"{string.Join(' ', points)}\"/>");
        }

        return chart.End();
    }

    /// <summary>The line that a model has in the ROC chart, for its key.</summary>
    public static string Swatch(int model) =>
        $"<svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><line class=\"curve s{model}\" x1=\"0\" x2=\"24\" y1=\"4\" y2=\"4\"/></svg>";

    private string X(double value) => Number(Left + (Side * value / most));

    private string Y(double value) => Number(Top + Side - (Side * value / most));

    private string End() => svg.Append("</svg>").ToString();

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    // The next of 1, 2, 4 and 8 times a power of ten: its quarters are short numbers.
    private static double NiceMaximum(double value)
    {
        if (value <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Math.Min(1, new[] { 1, 2, 4, 8, 10 }.First(factor => factor * power >= value * 0.999) * power);
    }
}
