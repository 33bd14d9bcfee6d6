using System.Globalization;

namespace Ranking.Evaluation;

/// <summary>The report as one long table, a line a figure, for spreadsheets and data frames.</summary>
internal static class CsvReport
{
    private const string Header = "part,model,output,group,value,figure,x,estimate,lower,upper,impressions";
    private static readonly double[] none = [double.NaN, double.NaN];

    public static void Write(EvaluationReport report, TextWriter writer)
    {
        writer.Write(Header + '\n');
        foreach (var line in Results(report).Concat(Curves(report)).Concat(Slices(report)).Concat(Comparison(report)).Concat(Importance(report)))
        {
            writer.Write(line.ToCsv() + '\n');
        }
    }

    private static IEnumerable<Line> Results(EvaluationReport report)
    {
        foreach (var model in report.Models)
        {
            foreach (var output in model.Outputs)
            {
                var line = new Line("result", model.Name, output.Output, "", "", output.Impressions);
                yield return line.With("positives", output.Positives, none);
                yield return line.With("auc", output.Auc, output.AucInterval);
                yield return line.With("auc_over_users", output.Auc, output.AucUserInterval);
                yield return line.With("best_auc", output.BestAuc ?? double.NaN, none);
                yield return line.With("grouped_auc", output.GroupedAuc, output.GroupedAucInterval);
                yield return line.With("average_precision", output.AveragePrecision, output.AveragePrecisionInterval);
                yield return line.With("log_loss", output.LogLoss, output.LogLossInterval);
                yield return line.With("base_rate_log_loss", output.BaseRateLogLoss, none);
                yield return line.With("calibration_ratio", output.Calibration.Ratio, output.Calibration.RatioInterval);
                yield return line.With("calibration_error", output.Calibration.ExpectedError, [0, output.Calibration.PerfectBand]);
            }

            foreach (var line in model.Objectives.SelectMany(objective => Ndcg(new Line("result", model.Name, objective.Objective, "", "", objective.Impressions), objective)))
            {
                yield return line;
            }
        }

        foreach (var difference in report.Differences)
        {
            yield return new Line("difference", difference.Against, difference.Output, "", "", report.Data.Impressions)
                .With("auc_difference", difference.AucDifference, difference.Interval);
        }
    }

    private static IEnumerable<Line> Curves(EvaluationReport report) =>
        from model in report.Models
        from output in model.Outputs
        let line = new Line("curve", model.Name, output.Output, "", "", output.Impressions)
        from point in (IEnumerable<Line>)
        [
            .. output.Roc.Select(point => line.With("roc", point.TruePositiveRate, none, point.FalsePositiveRate)),
            .. output.PrecisionRecall.Select(point => line.With("precision_recall", point.Precision, none, point.Recall)),
            .. output.Gain.Select(point => line.With("gain", point.Positives, none, point.Rows)),
            .. output.Calibration.Bins.Select(bin =>
                (line with { Impressions = bin.Rows }).With("calibration", bin.MeanObserved, Words.Ends(bin.Observed), bin.MeanPredicted)),
            .. output.Scores.Select(bin => line.With("positive_scores", bin.Positives, none, bin.From)),
            .. output.Scores.Select(bin => line.With("negative_scores", bin.Negatives, none, bin.From)),
        ]
        select point;

    private static IEnumerable<Line> Slices(EvaluationReport report)
    {
        var model = report.Models[0].Name;
        foreach (var slice in report.Slices)
        {
            foreach (var output in slice.Outputs)
            {
                var line = new Line("slice", model, output.Output, slice.Feature, slice.Value, output.Impressions);
                yield return line.With("positives", output.Positives, none);
                yield return line.With("auc", output.Auc, output.AucInterval);
                yield return line.With("auc_over_users", output.Auc, output.AucUserInterval);
                yield return line.With("grouped_auc", output.GroupedAuc, output.GroupedAucInterval);
                yield return line.With("average_precision", output.AveragePrecision, output.AveragePrecisionInterval);
                yield return line.With("log_loss", output.LogLoss, output.LogLossInterval);
                yield return line.With("calibration_ratio", output.CalibrationRatio, output.CalibrationRatioInterval);
            }

            foreach (var line in slice.Objectives.SelectMany(objective =>
                Ndcg(new Line("slice", model, objective.Objective, slice.Feature, slice.Value, objective.Impressions), objective)))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<Line> Comparison(EvaluationReport report)
    {
        if (report.Comparison is not { } comparison)
        {
            yield break;
        }

        foreach (var output in comparison.Outputs)
        {
            var line = new Line("comparison", comparison.Name, output.Output, "", output.Verdict.ToString(), output.Impressions);
            yield return line.With("AUC (DeLong)", output.Figures[0].Difference, output.Delong);
            foreach (var figure in output.Figures)
            {
                yield return line.With(figure.Figure, figure.Difference, figure.Interval);
            }
        }

        foreach (var figure in comparison.Objectives)
        {
            yield return new Line("comparison", comparison.Name, "", "", "", report.Data.Impressions).With(figure.Figure, figure.Difference, figure.Interval);
        }
    }

    private static IEnumerable<Line> Importance(EvaluationReport report) =>
        from importance in new[] { report.Importance }.OfType<ImportanceReport>()
        from feature in importance.Groups
        from loss in feature.Losses
        select new Line("importance", report.Models[0].Name, loss.Output, feature.Group, "", importance.Impressions).With("auc_loss", loss.Loss, loss.Interval);

    private static Line[] Ndcg(Line line, ObjectiveReport objective) =>
    [
        line.With($"ndcg_{objective.At}_within_users", objective.UserNdcg, objective.UserNdcgInterval),
        line.With($"ndcg_{objective.At}_within_requests", objective.RequestNdcg, objective.RequestNdcgInterval),
    ];

    private sealed record Line(string Part, string Model, string Output, string Group, string Value, int Impressions)
    {
        private string Figure { get; init; } = "";

        private double X { get; init; }

        private double Estimate { get; init; }

        private IReadOnlyList<double> Ends { get; init; } = none;

        public Line With(string figure, double estimate, IReadOnlyList<double> ends, double x = double.NaN) =>
            this with { Figure = figure, Estimate = estimate, Ends = ends, X = x };

        public string ToCsv() => string.Join(
            ',', Text(Part), Text(Model), Text(Output), Text(Group), Text(Value), Text(Figure), Number(X), Number(Estimate),
            Number(Ends[0]), Number(Ends[1]), Impressions.ToString(CultureInfo.InvariantCulture));

        // A value that a spreadsheet would take for a formula is marked as text (OWASP, CSV injection); numbers are none.
        private static string Text(string text)
        {
            var isFormula = text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal)
                && !double.TryParse(text, CultureInfo.InvariantCulture, out _);
            var safe = isFormula ? $"'{text}" : text;
            return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }

        private static string Number(double value) =>
            double.IsFinite(value) ? Math.Round(value, 9).ToString(CultureInfo.InvariantCulture) : "";
    }
}
