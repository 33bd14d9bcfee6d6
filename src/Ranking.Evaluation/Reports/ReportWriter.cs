namespace Ranking.Evaluation;

/// <summary>Writes a report for a person or a program.</summary>
public static class ReportWriter
{
    /// <summary>JSON, as <see cref="EvaluationReport"/> describes it.</summary>
    public static void WriteJson(EvaluationReport report, TextWriter writer) => JsonReport.Write(report, writer);

    /// <summary>CSV with a header: a line a figure and a point of a curve, as <see cref="EvaluationReport"/> describes them.</summary>
    public static void WriteCsv(EvaluationReport report, TextWriter writer) => CsvReport.Write(report, writer);

    /// <summary>One self-contained HTML page: style and charts inside it, no script, light and dark.</summary>
    public static void WriteHtml(EvaluationReport report, TextWriter writer) => HtmlReport.Write(report, writer);

    /// <summary>Tables for a terminal; colours only where the writer is the terminal.</summary>
    public static void WriteConsole(EvaluationReport report, TextWriter writer) => ConsoleReport.Write(report, writer);
}
