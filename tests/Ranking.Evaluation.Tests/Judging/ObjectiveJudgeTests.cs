using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Metrics;

namespace Ranking.Evaluation.Tests;

public sealed class ObjectiveJudgeTests
{
    private static readonly Funnel funnel = new(2000, 6);

    [Fact]
    public void Run_Joint_IsNdcgOfConversions()
    {
        var report = Assert.Single(funnel.Judge(new EvaluationOptions { Resamples = 100 }).Models[0].Objectives);

        var expected = Ndcg.Of(
            [.. funnel.Examples.Select(example => funnel.ScoreOf(example, 4))],
            [.. funnel.Examples.Select(example => (example.Labels & Funnel.Both) == Funnel.Both ? 1f : 0)],
            [.. funnel.Examples.Select(example => example.User)], new long[2000], 10);
        Assert.Equal(expected.Value, report.UserNdcg, 9);
        Assert.Equal(expected.Lists, report.UserLists);
        Assert.InRange(report.UserNdcg, report.UserNdcgInterval[0], report.UserNdcgInterval[1]);
        // Every impression has a time of its own: no request has two.
        Assert.Equal((0, 2000), (report.RequestLists, report.RequestListsLeftOut));
        Assert.True(double.IsNaN(report.RequestNdcg));
    }

    [Fact]
    public void Run_FormulaWithPrice_CountsWhatHappenedByPrice()
    {
        var report = Judged("ctcvr * price ^ a", ("a", 2));

        Assert.Equal(2000, report!.Impressions);
        Assert.InRange(report.UserNdcg, 0.1, 1);
        Assert.NotEqual(report.UserNdcg, Judged("ctcvr")!.UserNdcg);
    }

    [Fact]
    public void Run_RequestsOfFive_AreListsOfTheirOwn()
    {
        var set = new EvaluationSet();
        foreach (var example in funnel.Examples)
        {
            set.Add(example with { EventTime = example.Sequence / 5, User = (ulong)example.Sequence / 5 % 40 });
        }

        var report = Assert.Single(funnel.Judge(new EvaluationOptions { Resamples = 100 }, set).Models[0].Objectives);

        Assert.Equal(400, report.RequestLists + report.RequestListsLeftOut);
        Assert.InRange(report.RequestNdcg, 0.5, 1);
        Assert.InRange(report.RequestNdcg, report.RequestNdcgInterval[0], report.RequestNdcgInterval[1]);
    }

    [Fact]
    public void Run_OutcomesWorthLessThanNothing_HaveNoNdcg() => Assert.Null(Judged("ctr - 2 * ctcvr"));

    [Fact]
    public void Run_QuotientOfOutcomes_LeavesOutWhereItHasNoValue() =>
        Assert.Equal(funnel.Examples.Count(example => (example.Labels & Funnel.Click) != 0), Judged("ctcvr / ctr")!.Impressions);

    private static ObjectiveReport? Judged(string formula, params (string Name, double Value)[] constants)
    {
        var objective = new Objective("worth", formula, constants.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value));
        var model = funnel.Model with { Spec = Funnel.Spec with { Objectives = [objective] } };
        return new EvaluationRun(model, new EvaluationOptions { Resamples = 100 })
            .Run(funnel.Set, cancellation: TestContext.Current.CancellationToken).Models[0].Objectives.SingleOrDefault();
    }
}
