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
        console.MarkupLineInterpolated($"[bold]{report.Model.Name}[/] {report.Model.Version} · {report.Model.Architecture}");
        console.MarkupLineInterpolated(
            $"{Words.Count(data.Impressions)} impressions of {Words.Count(data.Users)} users, {Words.Splits(data)}, {Words.Time(data.From)} to {Words.Time(data.To)} UTC");
        foreach (var output in report.Models[0].Outputs.Select(output => output.Output))
        {
            console.Write(Results(report, output));
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
        table.AddColumns("model", "AUC", "95 %", "grouped AUC", "log loss", "base rate", "pred / obs", "calib. error", "by chance");
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
                    Words.Score(output.LogLoss), Words.Score(output.BaseRateLogLoss), Words.Ratio(output.Calibration.Ratio),
                    Words.Score(output.Calibration.ExpectedError), Words.Score(output.Calibration.PerfectBand),
                ];
                table.AddRow(hasBest ? [.. cells, Words.Score(output.BestAuc)] : cells);
            }
        }

        return table;
    }

    private static Table Slices(EvaluationReport report)
    {
        var table = new Table().Title("slices").Border(TableBorder.Rounded);
        table.AddColumns("feature", "value", "output", "impressions", "AUC", "log loss", "pred / obs");
        foreach (var slice in report.Slices)
        {
            foreach (var output in slice.Outputs)
            {
                table.AddRow(
                    Markup.Escape(slice.Feature), Markup.Escape(slice.Value), Markup.Escape(output.Output), Words.Count(output.Impressions),
                    Words.Score(output.Auc), Words.Score(output.LogLoss), Words.Ratio(output.CalibrationRatio));
            }
        }

        return table;
    }
}
