using System.Collections.Immutable;
using System.Xml.Linq;
using Ranking.Testing;

namespace Ranking.Evaluation.Tests;

/// <summary>With <c>RANKING_UPDATE_GOLDEN=1</c> the golden files are written anew, to be read before they are committed.</summary>
public sealed class ReportWriterTests
{
    private static readonly EvaluationReport report = Tiny();

    [Fact]
    public void WriteJson_TinyInput_IsTheGoldenFile() => AssertGolden("report.json", Written(ReportWriter.WriteJson));

    [Fact]
    public void WriteCsv_TinyInput_IsTheGoldenFile() => AssertGolden("report.csv", Written(ReportWriter.WriteCsv));

    [Fact]
    public void WriteHtml_TinyInput_IsTheGoldenFile() => AssertGolden("report.html", Written(ReportWriter.WriteHtml));

    [Fact]
    public void WriteConsole_TinyInput_IsTheGoldenFile() =>
        AssertGolden("report.txt", string.Join('\n', Written(ReportWriter.WriteConsole).ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())));

    [Fact]
    public void WriteHtml_Page_IsWellFormedAndAsksForNothing()
    {
        var html = Written(ReportWriter.WriteHtml);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        // Everything between the head's void elements and the end is also XML: each element is closed.
        var body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];
        Assert.NotEmpty(XDocument.Parse(body).Descendants("svg"));
    }

    [Fact]
    public void WriteHtml_SlicesOfDays_DrawsTheCourseOfEachOutput()
    {
        var writer = new StringWriter();
        SliceReport[] days = [.. Enumerable.Range(1, 3).Select(day => report.Slices[0] with { Feature = "day", Value = $"2022-05-0{day}" })];

        ReportWriter.WriteHtml(report with { Slices = [.. days], Model = report.Model with { Progressive = true, Version = null } }, writer);

        Assert.Contains("AUC of ctr over time", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("Log loss of ctcvr over time", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("days from 2022-05-01", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("<dd>progressive</dd>", writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("over time", Written(ReportWriter.WriteHtml), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteHtml_NamesWithMarkup_AreText()
    {
        var writer = new StringWriter();

        ReportWriter.WriteHtml(report with { Model = report.Model with { Name = "<b>&" } }, writer);

        Assert.DoesNotContain("<b>", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteHtml_ManyTasksModelsAndSlices_StaysWithinTwoMegabytes()
    {
        var funnel = new Funnel(3000, 2);
        var full = funnel.Judge(
            new EvaluationOptions { SliceBy = ["user", "item", "tab", "position"], SliceValues = 60, Resamples = 100, ImportanceRows = 500 }, knowsTruth: true);
        var outputs = Enumerable.Range(0, 8).SelectMany(_ => full.Models[0].Outputs).ToImmutableArray();
        var slices = full.Slices.Select(slice => slice with { Outputs = [.. Enumerable.Range(0, 8).SelectMany(_ => slice.Outputs)] }).ToList();
        var groups = Enumerable.Range(0, 200).SelectMany(_ => full.Importance!.Groups).ToImmutableArray();
        var writer = new StringWriter();

        ReportWriter.WriteHtml(
            full with
            {
                Models = [.. Enumerable.Range(0, 5).Select(i => new ModelReport($"model {i}", outputs, full.Models[0].Objectives))],
                Slices = [.. slices, .. slices.Select(slice => slice with { Feature = "again " + slice.Feature })],
                Importance = full.Importance! with { Groups = groups },
            },
            writer);

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(writer.ToString()), 200_000, 2_000_000);
        Assert.Contains("too many for this page", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteCsv_ValueWithComma_IsQuoted()
    {
        var writer = new StringWriter();

        ReportWriter.WriteCsv(report with { Slices = [report.Slices[0] with { Value = "a,\"b\"" }, report.Slices[0] with { Value = "=1+1" }] }, writer);

        Assert.Contains(",\"a,\"\"b\"\"\",", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains(",'=1+1,", writer.ToString(), StringComparison.Ordinal);
    }

    // Conversions of one class, so that what is not defined is written too.
    private static EvaluationReport Tiny()
    {
        var funnel = new Funnel(60, 5);
        var set = new EvaluationSet();
        foreach (var example in funnel.Examples)
        {
            set.Add(Funnel.Copy(example, example.Labels & Funnel.Click, example.Observed));
        }

        return funnel.Judge(
            new EvaluationOptions { SliceBy = ["tab", "hour"], Resamples = 100, ImportanceRows = 40 }, set, knowsTruth: true,
            against: new Funnel(60, 5, noise: 3).Model with { Version = "6" });
    }

    private static string Written(Action<EvaluationReport, TextWriter> write)
    {
        var writer = new StringWriter();
        write(report, writer);
        return writer.ToString();
    }

    private static void AssertGolden(string name, string written)
    {
        if (Environment.GetEnvironmentVariable("RANKING_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(SharedFolder.RepositoryRoot, "tests", "Ranking.Evaluation.Tests", "Golden", name), written);
        }

        Assert.Equal(File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "tests", "Ranking.Evaluation.Tests", "Golden", name)), written);
    }
}
