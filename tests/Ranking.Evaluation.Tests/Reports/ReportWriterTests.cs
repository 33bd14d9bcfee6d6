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
    public void WriteHtml_NamesWithMarkup_AreText()
    {
        var writer = new StringWriter();

        ReportWriter.WriteHtml(report with { Model = report.Model with { Name = "<b>&" } }, writer);

        Assert.DoesNotContain("<b>", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;", writer.ToString(), StringComparison.Ordinal);
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

        return funnel.Judge(new EvaluationOptions { SliceBy = ["tab"], Resamples = 100 }, set, knowsTruth: true);
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
