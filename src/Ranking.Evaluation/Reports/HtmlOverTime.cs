using System.Globalization;
using System.Text;

namespace Ranking.Evaluation;

/// <summary>The charts of slices that are times: how good each output was as time went on.</summary>
internal static class HtmlOverTime
{
    private static readonly double[] steps =
        [.. Enumerable.Range(-2, 10).SelectMany(power => new[] { 1, 2, 5 }.Select(factor => factor * Math.Pow(10, power)))];

    private static readonly string[] formats = ["yyyy-MM-dd", "yyyy-MM-dd HH:00"];

    /// <summary>Writes the charts; none where the values are no times, or there are too few for a course.</summary>
    public static void Write(StringBuilder page, SliceReport[] slices)
    {
        var times = Array.ConvertAll(slices, slice => TimeOf(slice.Value));
        if (slices.Length < 3 || times.Contains(null))
        {
            return;
        }

        page.Append("<div class=\"charts\">\n");
        foreach (var output in slices[0].Outputs.Select(output => output.Output))
        {
            var points = times.Zip(slices, (time, slice) => (
                Days: (time!.Value - times[0]!.Value).TotalDays, slice.Value, Result: slice.Outputs.Single(other => other.Output == output))).ToArray();
            var across = $"days from {slices[0].Value}";
            Figure(page, $"AUC of {output}", across, points, result => (result.Auc, result.AucInterval));
            Figure(page, $"Log loss of {output}", across, points, result => (result.LogLoss, result.LogLossInterval));
            Figure(page, $"Predicted / observed of {output}", across, points, result => (result.CalibrationRatio, result.CalibrationRatioInterval));
        }

        page.Append("</div>\n");
    }

    private static void Figure(
        StringBuilder page, string title, string across, (double Days, string Time, SliceOutputReport Result)[] points,
        Func<SliceOutputReport, (double Value, IReadOnlyList<double> Interval)> figure)
    {
        var known = points.Select(point => (point.Days, point.Time, Figure: figure(point.Result))).Where(point => double.IsFinite(point.Figure.Value)).ToArray();
        if (known.Length == 0)
        {
            return;
        }

        // Four of the smallest steps that hold all points; what is left open of a point may lie outside.
        var (least, most) = (known.Min(point => point.Figure.Value), known.Max(point => point.Figure.Value));
        var step = steps.First(step => From(step) + (4 * step) >= most);
        var chart = new HtmlChart($"{title} over time", across, $"↑ {title}", HtmlChart.NiceMaximum(points[^1].Days), From(step) + (4 * step), From(step))
            .Line("curve s0", known.Select(point => (point.Days, point.Figure.Value)));
        foreach (var (days, time, (value, interval)) in known)
        {
            chart.Dot(days, value, interval[0], interval[1], $"{time}: {Words.Score(value)} ({Words.Range(interval)})");
        }

        page.Append($"<figure><h3>{HtmlReport.Text(title)}</h3>{chart.End()}</figure>\n");

        double From(double step) => step * Math.Floor(least / step);
    }

    private static DateTime? TimeOf(string value) =>
        DateTime.TryParseExact(value, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
