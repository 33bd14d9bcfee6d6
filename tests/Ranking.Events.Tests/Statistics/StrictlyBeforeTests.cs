using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>What the rule guards: an event's own label must not stand in the statistics that it is predicted from.</summary>
public sealed class StrictlyBeforeTests
{
    private const long Start = 1_700_000_000_000;
    private const long Second = 1_000;

    [Fact]
    public void Complete_ClicksByChance_TellNothingUnlessTheRuleIsRemoved()
    {
        Assert.InRange(Auc(isStrict: true), 0.45, 0.55);
        Assert.InRange(Auc(isStrict: false), 0.65, 1);
    }

    /// <summary>How well an author's click rate orders clicks that are drawn by chance.</summary>
    /// <param name="isStrict">Whether it is read before the impression's own events are taken in, or after.</param>
    private static double Auc(bool isStrict)
    {
        var world = new StatisticWorld();
        var rate = world.Add(StatisticKind.Rate, [StatisticWorld.Author], "click", FeatureScope.Item, spec => spec with { Among = StatisticSpec.Impression, Prior = 1 });
        var fold = world.Fold();
        var random = new Random(5);
        List<(double Rate, bool IsClick)> rows = [];
        for (var i = 0; i < 2_000; i++)
        {
            var (time, author, isClick) = (Start + (i * Second), random.Next(400), random.Next(2) == 0);
            var records = StatisticWorld.Records(1, author);
            fold.AdvanceTo(time);
            var before = world.ValueOf(fold.Complete(records, time, time), rate);
            fold.TakeImpression((UInt128)i, default, records, time, time);
            if (isClick)
            {
                fold.TakeOutcome("click", (UInt128)i, default, records, time, time, time + 1, double.NaN);
            }

            fold.AdvanceTo(time + 2);
            rows.Add((isStrict ? before : world.ValueOf(fold.Complete(records, time, time), rate), isClick));
        }

        var (clicks, others) = (rows.Where(row => row.IsClick).ToList(), rows.Where(row => !row.IsClick).ToList());
        return clicks.Average(click => others.Average(other => click.Rate > other.Rate ? 1 : click.Rate == other.Rate ? 0.5 : 0));
    }
}
