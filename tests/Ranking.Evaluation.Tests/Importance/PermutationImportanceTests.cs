using Ranking.Core;

namespace Ranking.Evaluation.Tests;

public sealed class PermutationImportanceTests
{
    private static readonly EvaluationOptions options = new() { Resamples = 100, ImportanceRows = 10_000 };

    [Fact]
    public void Run_KnownTruth_FindsWhatItIsMadeOf()
    {
        var importance = new Funnel(4000, 1, noise: 0).Judge(options).Importance!;

        Assert.Equal(4000, importance.Impressions);
        Assert.Equal(["user", "tab", "item", "price"], importance.Groups.Select(group => group.Group).OrderBy(name => Array.IndexOf(["user", "tab", "item", "price"], name)));
        // Clicks follow from user, item and price; conversions from the item alone; nothing from the tab.
        Assert.True(Loss("user", "ctr").Interval[0] > 0.02);
        Assert.True(Loss("item", "ctr").Interval[0] > 0.02);
        Assert.True(Loss("price", "ctr").Interval[0] > 0);
        Assert.Equal(0, Loss("tab", "ctr").Loss, 6);
        Assert.Equal(0, Loss("user", "cvr").Loss, 6);
        // Without the item, conversions are a guess.
        Assert.InRange(Loss("item", "cvr").Loss, 0.15, 0.35);

        AucLoss Loss(string group, string output) => importance.Groups.Single(each => each.Group == group).Losses.Single(loss => loss.Output == output);
    }

    [Fact]
    public void Run_FewerImpressionsAllowed_DrawsThem()
    {
        var report = new Funnel(3000, 1).Judge(options with { ImportanceRows = 700 });

        Assert.Equal(700, report.Importance!.Impressions);
        Assert.Equal(700, report.Sampling.ImportanceImpressions);
    }

    [Fact]
    public void Run_PredictionsThatCannotBeMadeAgain_HasNone()
    {
        var funnel = new Funnel(300, 1);

        var report = new EvaluationRun(funnel.Model with { Rescorer = null }, options).Run(funnel.Set, cancellation: TestContext.Current.CancellationToken);

        Assert.Null(report.Importance);
    }

    [Fact]
    public void Groups_FamiliesScopesAndTime_GoTogether()
    {
        var groups = FeatureGroup.Of(new FeatureSchema(
        [
            Category(1, "onehot_feat0", FeatureScope.User), Category(2, "onehot_feat1", FeatureScope.User), Category(3, "gender", FeatureScope.User),
            Category(4, "item", FeatureScope.Item),
            Category(5, "uploaded", FeatureScope.Item) with { IsInput = false },
            Category(6, "age", FeatureScope.Pair) with { Derived = "event_time - uploaded", Kind = FeatureKind.Numeric, Table = null },
            Category(7, "unread", FeatureScope.Item) with { IsInput = false },
            Category(8, "place", FeatureScope.Pair) with { TrainOnly = true },
        ]));

        Assert.Equal(
            ["onehot_feat*", "gender", "item", "uploaded", "event_time", "all of the user", "all of the item"], groups.Select(group => group.Name));
        Assert.Equal([1, 2], groups[0].Ids.Order());
        Assert.Equal(["age"], groups[3].Inputs);
        Assert.True(groups[4].HasTime);
        Assert.Equal(["age"], groups[4].Inputs);
        Assert.Equal(["item", "age"], groups[6].Inputs);
    }

    [Fact]
    public void Apply_AnyGroup_ExchangesItsValuesAlone()
    {
        var (own, donor) = (new Funnel(2, 1).Examples[0], new Funnel(2, 9).Examples[1]);
        var group = new FeatureGroup("item", false, [3], false, ["item"]);

        var spliced = RecordSplice.Apply(own, donor, group);

        Assert.Equal(donor.Features.Item.ToArray(), spliced.Features.Item.ToArray());
        Assert.Equal(own.Features.User.ToArray(), spliced.Features.User.ToArray());
        Assert.Equal(own.Features.Pair.ToArray(), spliced.Features.Pair.ToArray());
        Assert.Equal(own.EventTime, spliced.EventTime);
        // A donor that lacks the value makes it missing.
        var without = RecordSplice.Apply(own, donor with { Features = donor.Features with { Item = default } }, group);
        Assert.True(without.Features.Item.IsEmpty);
        Assert.Equal(donor.EventTime, RecordSplice.Apply(own, donor, group with { HasTime = true }).EventTime);
    }

    private static Feature Category(int id, string name, FeatureScope scope) =>
        new() { Id = id, Name = name, Kind = FeatureKind.Categorical, Scope = scope, Table = name };
}
