using Ranking.Core;

namespace Ranking.Events.Tests;

public sealed class StatisticsFoldTests
{
    private const long Minute = 60_000;
    private const long Start = 1_700_000_000_000;

    private readonly StatisticWorld world = new();

    [Fact]
    public void Complete_AtTheTimeOfAnEvent_DoesNotSeeItYet()
    {
        var count = world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User);
        var fold = world.Fold();
        Show(fold, 1, Start);
        fold.AdvanceTo(Start);
        Assert.Equal(0, Read(fold, count, Start));
        fold.AdvanceTo(Start + 1);
        Assert.Equal(1, Read(fold, count, Start + 1));
        Assert.Equal(0, world.ValueOf(fold.Complete(StatisticWorld.Records(2, 1), Start + 1, Start + 1), count));
    }

    [Fact]
    public void Complete_Lag_CountsFromTheImpressionAndNeverRunsAheadOfTheOutcome()
    {
        var rate = world.Add(StatisticKind.Rate, [StatisticWorld.User], "click", FeatureScope.User, spec => spec with
        {
            Among = StatisticSpec.Impression,
            Lag = TimeSpan.FromMinutes(10),
            Prior = 2,
        });
        var fold = world.Fold();
        Show(fold, 1, Start);
        Click(fold, 1, Start, Start + Minute);
        Show(fold, 2, Start);
        Click(fold, 2, Start, Start + (15 * Minute));
        fold.AdvanceTo(Start + (10 * Minute));
        Assert.Equal(0.5, Read(fold, rate, Start + (10 * Minute)));
        fold.AdvanceTo(Start + (10 * Minute) + 1);
        // Of everything (1 + ½) / (2 + 1) = ½; of the user (1 + 2 · ½) / (2 + 2).
        Assert.Equal(0.5, Read(fold, rate, Start + (10 * Minute) + 1));
        fold.AdvanceTo(Start + (15 * Minute) + 1);
        var everything = 2.5 / 3;
        Assert.Equal((2 + (2 * everything)) / 4, Read(fold, rate, Start + (15 * Minute) + 1), 12);
    }

    [Fact]
    public void Complete_RateTowardAParent_TakesItsValueForTheUnseen()
    {
        var rate = world.Add(StatisticKind.Rate, [StatisticWorld.User, StatisticWorld.Author], "click", FeatureScope.Pair, spec => spec with
        {
            Among = StatisticSpec.Impression,
            Prior = 4,
            Parent = [StatisticWorld.Author],
        });
        var error = world.Add(StatisticKind.RateError, [StatisticWorld.User, StatisticWorld.Author], "click", FeatureScope.Pair, spec => spec with
        {
            Among = StatisticSpec.Impression,
            Prior = 4,
            Parent = [StatisticWorld.Author],
        });
        var fold = world.Fold();
        Show(fold, 1, Start, user: 7, author: 1);
        Click(fold, 1, Start, Start, user: 7, author: 1);
        fold.AdvanceTo(Start + 1);
        var author = (1 + (4 * 0.75)) / 5;
        var records = fold.Complete(StatisticWorld.Records(8, 1), Start + 1, Start + 1);
        Assert.Equal(author, world.ValueOf(records, rate), 12);
        Assert.Equal(Math.Sqrt(author * (1 - author) / 4), world.ValueOf(records, error), 12);
    }

    [Fact]
    public void Complete_NumbersThatOutcomesCarry_AreSummedAveragedAndCompared()
    {
        StatisticSpec Strong(StatisticSpec spec) => spec with { Prior = 1 };
        var sum = world.Add(StatisticKind.Sum, [StatisticWorld.Author], "play", FeatureScope.Item);
        var mean = world.Add(StatisticKind.Mean, [StatisticWorld.Author], "play", FeatureScope.Item, Strong);
        var share = world.Add(StatisticKind.Share, [StatisticWorld.Author], "play", FeatureScope.Item, spec => Strong(spec) with { Above = 5 });
        var fold = world.Fold();
        foreach (var (number, value) in new[] { 3.0, 9, 6, double.NaN }.Index())
        {
            fold.TakeOutcome("play", (UInt128)number, default, StatisticWorld.Records(1, 1), Start, Start, Start, value);
        }

        fold.AdvanceTo(Start + 1);
        Assert.Equal(18, Read(fold, sum, Start + 1));
        Assert.Equal((18 + (18.0 / 5)) / 5, Read(fold, mean, Start + 1), 12);
        Assert.Equal((2 + (2.5 / 5)) / 5, Read(fold, share, Start + 1), 12);
    }

    [Fact]
    public void Complete_SinceAndLast_TellOfTheNewest()
    {
        var since = world.Add(StatisticKind.Since, [StatisticWorld.User], "click", FeatureScope.User);
        var last = Enumerable.Range(0, 3).Select(n => world.Add(StatisticKind.Last, [StatisticWorld.User], "click", FeatureScope.User, spec => spec with
        {
            Among = StatisticSpec.Impression,
            Argument = n,
        })).ToArray();
        var fold = world.Fold();
        Assert.True(double.IsNaN(Read(fold, since, Start)));
        Show(fold, 1, Start);
        Show(fold, 2, Start + Minute);
        Click(fold, 1, Start, Start + (2 * Minute));
        fold.AdvanceTo(Start + (3 * Minute));
        Assert.Equal(60, Read(fold, since, Start + (3 * Minute)));
        Assert.Equal([0, 1, double.NaN], last.Select(feature => Read(fold, feature, Start + (3 * Minute))));
    }

    [Fact]
    public void Complete_DistinctValues_AreCountedInTheirPeriod()
    {
        var distinct = world.Add(StatisticKind.Distinct, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User, spec => spec with
        {
            Argument = StatisticWorld.Author,
            Window = new(WindowKind.Tumbling, TimeSpan.FromDays(1)),
        });
        var fold = world.Fold();
        for (var i = 0UL; i < 600; i++)
        {
            Show(fold, i, Start, author: (long)(i % 200));
        }

        fold.AdvanceTo(Start + 1);
        Assert.InRange(Read(fold, distinct, Start + 1), 180, 220);
        Assert.Equal(0, Read(fold, distinct, Start + (24 * 60 * Minute)));
    }

    [Fact]
    public void Complete_KeyWithoutEventsForLong_IsAsNeverSeen()
    {
        var count = world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User, spec => spec with { Expire = TimeSpan.FromMinutes(5) });
        var fold = world.Fold();
        Show(fold, 1, Start);
        fold.AdvanceTo(Start + 1);
        Assert.Equal(1, Read(fold, count, Start + (5 * Minute)));
        Assert.Equal(0, Read(fold, count, Start + (5 * Minute) + 1));
        Show(fold, 2, Start + (6 * Minute));
        fold.AdvanceTo(Start + (7 * Minute));
        Assert.Equal(1, Read(fold, count, Start + (7 * Minute)));
    }

    [Fact]
    public void Complete_ListAsKey_IsItsFirstValue()
    {
        var count = world.Add(StatisticKind.Count, [StatisticWorld.Tags], StatisticSpec.Impression, FeatureScope.Item);
        var fold = world.Fold();
        fold.TakeImpression(1, default, StatisticWorld.Records(1, 1, 5, 6), Start, Start);
        fold.AdvanceTo(Start + 1);
        Assert.Equal(1, world.ValueOf(fold.Complete(StatisticWorld.Records(2, 2, 5), Start + 1, Start + 1), count));
        Assert.Equal(0, world.ValueOf(fold.Complete(StatisticWorld.Records(2, 2, 6), Start + 1, Start + 1), count));
    }

    private double Read(StatisticsFold fold, int feature, long time) => world.ValueOf(fold.Complete(StatisticWorld.Records(1, 1), time, time), feature);

    private static void Show(StatisticsFold fold, UInt128 impression, long time, long user = 1, long author = 1) =>
        fold.TakeImpression(impression, default, StatisticWorld.Records(user, author), time, time);

    private static void Click(StatisticsFold fold, UInt128 impression, long shown, long time, long user = 1, long author = 1) =>
        fold.TakeOutcome("click", impression, default, StatisticWorld.Records(user, author), shown, shown, time, double.NaN);
}
