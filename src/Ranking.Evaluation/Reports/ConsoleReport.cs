using Spectre.Console;

namespace Ranking.Evaluation;

/// <summary>The report as tables for a terminal.</summary>
internal static class ConsoleReport
{
    private const int WidthOfFiles = 160;

    public static void Write(EvaluationReport report, TextWriter writer)
    {
        var isTerminal = writer == Console.Out && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        var data = report.Data;
        console.MarkupLineInterpolated($"[bold]{report.Model.Name}[/] {Words.Version(report.Model)} · {report.Model.Architecture}");
        console.MarkupLineInterpolated(
            $"{Words.Count(data.Impressions)} impressions of {Words.Count(data.Users)} users, {Words.Splits(data)}, {Words.Time(data.From)} to {Words.Time(data.To)} UTC");
        foreach (var sentence in Summary.Of(report))
        {
            console.MarkupLineInterpolated($"• {sentence}");
        }

        foreach (var output in report.Models[0].Outputs.Select(output => output.Output))
        {
            console.Write(Results(report, output));
        }

        if (report.Models[0].Objectives.Length > 0)
        {
            console.Write(Order(report));
        }

        if (report.Importance is not null)
        {
            console.Write(Importance(report.Importance));
        }

        if (!report.Slices.IsEmpty)
        {
            console.Write(Slices(report));
        }
    }

    private static Table Results(EvaluationReport report, string name)
    {
        var first = report.Models[0].Outputs.Single(output => output.Output == name);
        var table = new Table().Title(
            $"{Markup.Escape(name)} over {Markup.Escape(first.Population)}: {Words.Count(first.Impressions)}, {Words.Count(first.Positives)} positive").Border(TableBorder.Rounded);
        table.AddColumns("model", "AUC", "95 %", "grouped AUC", "avg. precision", "log loss", "base rate", "pred / obs", "calib. error", "by chance");
        var hasBest = first.BestAuc is not null;
        if (hasBest)
        {
            table.AddColumn("best AUC");
        }

        foreach (var model in report.Models)
        {
            foreach (var output in model.Outputs.Where(output => output.Output == name))
            {
                string[] cells =
                [
                    Markup.Escape(model.Name), Words.Score(output.Auc), Words.Range(output.AucInterval), Words.Score(output.GroupedAuc),
                    Words.Score(output.AveragePrecision), Words.Score(output.LogLoss), Words.Score(output.BaseRateLogLoss), Words.Ratio(output.Calibration.Ratio),
                    Words.Score(output.Calibration.ExpectedError), Words.Score(output.Calibration.PerfectBand),
                ];
                table.AddRow(hasBest ? [.. cells, Words.Score(output.BestAuc)] : cells);
            }
        }

        return table;
    }

    private static Table Order(EvaluationReport report)
    {
        var table = new Table().Title("order by objective").Border(TableBorder.Rounded);
        table.AddColumns("objective", "model", "NDCG within users", "95 %", "users", "NDCG within requests", "requests");
        foreach (var model in report.Models)
        {
            foreach (var objective in model.Objectives)
            {
                table.AddRow(
                    Markup.Escape(objective.Objective), Markup.Escape(model.Name), Words.Score(objective.UserNdcg), Words.Range(objective.UserNdcgInterval),
                    Words.Count(objective.UserLists), Words.Score(objective.RequestNdcg), Words.Count(objective.RequestLists));
            }
        }

        return table;
    }

    private static Table Importance(ImportanceReport importance)
    {
        var table = new Table().Title($"AUC lost without, over {Words.Count(importance.Impressions)} impressions").Border(TableBorder.Rounded);
        table.AddColumns(["features", .. importance.Groups[0].Losses.Select(loss => Markup.Escape(loss.Output))]);
        foreach (var group in importance.Groups)
        {
            table.AddRow([Markup.Escape(group.Group), .. group.Losses.Select(loss => Words.Signed(loss.Loss))]);
        }

        return table;
    }

    private static Table Slices(EvaluationReport report)
    {
        var table = new Table().Title("slices").Border(TableBorder.Rounded);
        table.AddColumns("feature", "value", "output", "impressions", "AUC", "95 %", "log loss", "pred / obs");
        foreach (var slice in report.Slices)
        {
            foreach (var output in slice.Outputs)
            {
                table.AddRow(
                    Markup.Escape(slice.Feature), Markup.Escape(slice.Value), Markup.Escape(output.Output), Words.Count(output.Impressions),
                    Words.Score(output.Auc), Words.Range(output.AucInterval), Words.Score(output.LogLoss), Words.Ratio(output.CalibrationRatio));
            }
        }

        return table;
    }
}
