using Ranking.Core;

namespace Ranking.Events.Tests;

public sealed class HistoryFoldTests
{
    private const long Start = 1_700_000_000_000, Minute = 60_000, Day = 1_440 * Minute;
    private const ulong Ann = 7;
    private static readonly FeatureRecords records = StatisticWorld.Records(1, 1);
    private readonly StatisticWorld world = new();

    [Fact]
    public void Complete_OfAFrozenSplit_IsOfTheTimeAtWhichThePastStopped()
    {
        var count = world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User);
        var decayed = world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User, spec => spec with
        {
            Window = new(WindowKind.Decay, TimeSpan.FromDays(1)),
            Lag = TimeSpan.FromMinutes(10),
        });
        var since = world.Add(StatisticKind.Since, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User);
        var seen = world.AddSequence(5);
        var fold = world.History(split => split == "test");
        Show(fold, 1, Start, "train");
        Show(fold, 2, Start + Day, "train");
        Show(fold, 3, Start + (2 * Day), "test");
        fold.AdvanceTo(Start + (3 * Day));
        var frozen = fold.Complete(records, Ann, Start + (3 * Day), "test");
        var atStop = fold.Complete(records, Ann, Start + Day + (10 * Minute) + 1, "train");
        Assert.Equal(2, world.ValueOf(frozen, count));
        Assert.Equal(1.5, world.ValueOf(frozen, decayed), 0.02);
        Assert.Equal(2, StatisticWorld.EntriesOf(frozen, seen));
        Assert.Equal(atStop.User, frozen.User);
        var late = fold.Complete(records, Ann, Start + (3 * Day), "train");
        Assert.Equal(0.375, world.ValueOf(late, decayed), 0.01);
        Assert.True(world.ValueOf(late, since) > world.ValueOf(frozen, since));
        Assert.Equal(world.ValueOf(atStop, since), world.ValueOf(frozen, since));
    }

    [Fact]
    public void Complete_OfAFrozenSplitBeforeThePastStopped_IsOfItsOwnTime()
    {
        var since = world.Add(StatisticKind.Since, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User);
        world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User, spec => spec with { Lag = TimeSpan.FromMinutes(10) });
        var fold = world.History(split => split == "test");
        Show(fold, 1, Start, "train");
        fold.AdvanceTo(Start + Minute);
        var own = fold.Complete(records, Ann, Start + Minute, "train");
        Assert.Equal(own.User, fold.Complete(records, Ann, Start + Minute, "test").User);
        Assert.NotEqual(world.ValueOf(own, since), world.ValueOf(fold.Complete(records, Ann, Start + (2 * Minute), "test"), since));
    }

    [Fact]
    public void Complete_OfAFrozenSplitWithoutAPast_IsAsWithoutHistory()
    {
        var count = world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User, spec => spec with
        {
            Window = new(WindowKind.Sliding, TimeSpan.FromDays(1)),
        });
        var seen = world.AddSequence(5);
        var fold = world.History(_ => true);
        Show(fold, 1, Start, "test");
        fold.AdvanceTo(Start + Minute);
        var frozen = fold.Complete(records, Ann, Start + Minute, "test");
        Assert.Equal(0, world.ValueOf(frozen, count));
        Assert.Equal(0, StatisticWorld.EntriesOf(frozen, seen));
    }

    private static void Show(HistoryFold fold, int number, long time, string split)
    {
        fold.AdvanceTo(time);
        fold.Take(new ImpressionEntry
        {
            Key = (UInt128)number,
            Due = default,
            User = Ann,
            Item = 1,
            Features = records,
            Time = time,
            Place = time,
            Split = split,
        });
    }
}
