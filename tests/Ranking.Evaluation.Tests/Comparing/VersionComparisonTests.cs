namespace Ranking.Evaluation.Tests;

public sealed class VersionComparisonTests
{
    private static readonly EvaluationOptions options = new() { Resamples = 200 };
    private static readonly Funnel good = new(4000, 1, noise: 0.1);
    private static readonly Funnel bad = new(4000, 1, noise: 4);

    [Fact]
    public void Run_AgainstANoisyVersion_IsBetter()
    {
        var comparison = good.Judge(options, against: Version(bad)).Comparison!;

        Assert.Equal(Verdict.Better, comparison.Verdict);
        Assert.Equal("6", comparison.Version);
        var auc = comparison.Outputs[0].Figures[0];
        Assert.Equal("AUC", auc.Figure);
        Assert.True(auc.Difference > 0.05 && auc.Interval[0] > 0, $"{auc}");
        Assert.Equal(auc.Value - auc.Other, auc.Difference, 12);
        // Users are 40 and have some hundred impressions each; their interval is near DeLong's where clicks follow the scores.
        Assert.InRange(auc.Difference, comparison.Outputs[0].Delong[0], comparison.Outputs[0].Delong[1]);
        Assert.True(comparison.Outputs[0].Figures.Single(figure => figure.Figure == "log loss").Difference < 0);
        Assert.True(Assert.Single(comparison.Objectives).Difference > 0);
    }

    [Fact]
    public void Run_AgainstABetterVersion_IsWorse() =>
        Assert.Equal(Verdict.Worse, bad.Judge(options, against: Version(good)).Comparison!.Verdict);

    [Fact]
    public void Run_AgainstItself_HasNoDifference()
    {
        var comparison = good.Judge(options, against: Version(good)).Comparison!;

        Assert.Equal(Verdict.NoDifference, comparison.Verdict);
        Assert.All(comparison.Outputs.SelectMany(output => output.Figures), figure => Assert.Equal((0, 0, 0), (figure.Difference, figure.Interval[0], figure.Interval[1])));
    }

    [Fact]
    public void Run_DifferenceWithinTheDeclaredLeast_IsNone()
    {
        var comparison = good.Judge(options with { MinimumDifference = 0.3 }, against: Version(bad)).Comparison!;

        Assert.Equal(Verdict.NoDifference, comparison.Verdict);
        Assert.True(comparison.Outputs[0].Figures[0].Interval[0] > 0);
    }

    [Fact]
    public void Run_VersionWithoutAnOutput_ComparesTheOthers()
    {
        var against = Version(bad);

        var report = good.Judge(options, against: against with { Outputs = [.. against.Outputs.Take(2)], Scorer = new FirstTwo() });

        Assert.Equal(["ctr"], report.Comparison!.Outputs.Select(output => output.Output));
        Assert.Equal(["ctr", "cvr", "ctcvr"], report.Models[0].Outputs.Select(output => output.Output));
        Assert.Empty(report.Comparison.Objectives);
    }

    [Theory]
    [InlineData(Verdict.Better, true, true)]
    [InlineData(Verdict.NoDifference, true, false)]
    [InlineData(Verdict.Worse, false, false)]
    public void IsMet_Verdict_AsRequired(Verdict verdict, bool notWorse, bool better)
    {
        var report = good.Judge(options, against: Version(good));
        report = report with { Comparison = report.Comparison! with { Verdict = verdict } };

        Assert.Equal(notWorse, new EvaluationSettings().IsMet(report));
        Assert.Equal(better, new EvaluationSettings { Require = EvaluationSettings.Better }.IsMet(report));
    }

    private static EvaluatedModel Version(Funnel funnel) => funnel.Model with { Version = "6" };

    private sealed class FirstTwo : IExampleScorer
    {
        public bool TryScore(Core.Example example, Span<float> outputs)
        {
            Span<float> all = stackalloc float[5];
            bad.TryScore(example, all);
            all[..2].CopyTo(outputs);
            return true;
        }
    }
}
