using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>
/// Compares the judged model with another version in pairs. Two tests must agree on a difference: DeLong's, which takes
/// impressions as independent, and the bootstrap over users, which does not.
/// </summary>
internal sealed class VersionComparison(Judge[] judges, ObjectiveJudge[] objectives, EvaluationOptions options, int resamples)
{
    public ComparisonReport Compare(ScoredRows scores, ScoredRows others, string? version)
    {
        var outputs = judges.Zip(scores.ByOutput, others.ByOutput)
            .Where(trio => trio.Third is not null)
            .Select(trio => Compare(trio.First, others.Name, trio.Second!, trio.Third!)).ToImmutableArray();
        var verdict = outputs.Any(output => output.Verdict == Verdict.Worse) ? Verdict.Worse
            : outputs.Any(output => output.Verdict == Verdict.Better) ? Verdict.Better : Verdict.NoDifference;
        return new ComparisonReport(
            others.Name, version, options.MinimumDifference, verdict, outputs,
            [.. objectives.Select(objective => objective.Compare(scores, others, resamples)).OfType<ComparedFigure>()]);
    }

    private ComparedOutput Compare(Judge judge, string against, float[] scores, float[] others)
    {
        var delong = judge.Compare(against, scores, others);
        var figures = judge.CompareFigures(scores, others, resamples);
        return new ComparedOutput(delong.Output, judge.Rows, delong.Interval, Decide(delong.Interval, figures[0].Interval), figures);
    }

    // An undefined interval decides nothing.
    private Verdict Decide(ImmutableArray<double> delong, ImmutableArray<double> users) =>
        Math.Min(delong[0], users[0]) > options.MinimumDifference ? Verdict.Better
        : Math.Max(delong[1], users[1]) < -options.MinimumDifference ? Verdict.Worse
        : Verdict.NoDifference;
}
