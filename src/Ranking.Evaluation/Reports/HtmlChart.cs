using System.Globalization;
using System.Text;

namespace Ranking.Evaluation;

/// <summary>Axes of a chart as inline SVG, and marks on them; colours come from the page's style, so that they follow light and dark.</summary>
internal sealed class HtmlChart
{
    private const double Left = 44, Top = 12, Width = 320, Height = 260, Bottom = 40;
    private readonly StringBuilder svg = new();
    private readonly double mostX;
    private readonly double leastY;
    private readonly double mostY;

    /// <param name="description">What it shows, for who cannot see it.</param>
    /// <param name="across">What runs across.</param>
    /// <param name="up">What runs up.</param>
    /// <param name="mostX">Where the axis across ends; it begins at 0.</param>
    /// <param name="mostY">Where the axis up ends.</param>
    /// <param name="leastY">Where it begins.</param>
    public HtmlChart(string description, string across, string up, double mostX, double mostY, double leastY = 0)
    {
        (this.mostX, this.mostY, this.leastY) = (mostX, mostY, leastY);
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Left + Width + 14} {Top + Height + Bottom}\" role=\"img\" aria-label=\"{HtmlReport.Text(description)}\">");
        for (var step = 0; step <= 4; step++)
        {
            var (x, y) = (mostX * step / 4, leastY + ((mostY - leastY) * step / 4));
            var style = step == 0 ? "axis" : "grid";
            svg.Append($"<line class=\"{style}\" x1=\"{X(x)}\" x2=\"{X(x)}\" y1=\"{Y(leastY)}\" y2=\"{Y(mostY)}\"/>")
                .Append($"<line class=\"{style}\" x1=\"{X(0)}\" x2=\"{X(mostX)}\" y1=\"{Y(y)}\" y2=\"{Y(y)}\"/>")
                .Append($"<text x=\"{X(x)}\" y=\"{Number(Top + Height + 16)}\" text-anchor=\"middle\">{Label(x, mostX)}</text>")
                .Append($"<text x=\"{Number(Left - 6)}\" y=\"{Number(Top + Height - (Height * step / 4) + 4)}\" text-anchor=\"end\">{Label(y, mostY)}</text>");
        }

        svg.Append($"<text x=\"{Number(Left + (Width / 2))}\" y=\"{Number(Top + Height + 33)}\" text-anchor=\"middle\">{across}</text>")
            .Append($"<text class=\"up\" x=\"{Number(Left + 8)}\" y=\"{Number(Top + 14)}\">{up}</text>");
    }

    /// <summary>The next of 1, 2, 4 and 8 times a power of ten: its quarters are short numbers.</summary>
    public static double NiceMaximum(double value)
    {
        if (!(value > 0))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 4, 8, 10 }.First(factor => factor * power >= value * 0.999) * power;
    }

    /// <summary>The line that a model has in a chart, for its key.</summary>
    public static string Swatch(int model) =>
        $"<svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><line class=\"curve s{model}\" x1=\"0\" x2=\"24\" y1=\"4\" y2=\"4\"/></svg>";

    public HtmlChart Line(string style, params IEnumerable<(double X, double Y)> points)
    {
        svg.Append($"<polyline class=\"{style}\" points=\"{string.Join(' ', points.Select(point => $"{X(point.X)},{Y(point.Y)}"))}\"/>");
        return this;
    }

    /// <summary>A dot with what the data leaves open, and words for a pointer on it.</summary>
    public void Dot(double x, double y, double lower, double upper, string words) => svg
        .Append($"<line class=\"range\" x1=\"{X(x)}\" x2=\"{X(x)}\" y1=\"{Y(Math.Clamp(lower, leastY, mostY))}\" y2=\"{Y(Math.Clamp(upper, leastY, mostY))}\"/>")
        .Append($"<circle class=\"dot\" cx=\"{X(x)}\" cy=\"{Y(y)}\" r=\"3.5\"><title>{HtmlReport.Text(words)}</title></circle>");

    public string End() => svg.Append("</svg>").ToString();

    private string X(double value) => Number(Left + (Width * value / mostX));

    private string Y(double value) => Number(Top + Height - (Height * (value - leastY) / (mostY - leastY)));

    private static string Label(double at, double most) =>
        at.ToString(most < 0.04 ? "0.0000" : most < 0.4 ? "0.000" : most < 4 ? "0.00" : "0.#", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
