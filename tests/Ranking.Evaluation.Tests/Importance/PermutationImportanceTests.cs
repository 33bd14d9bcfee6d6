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
    public void Run_DeclaredGroup_LosesWhatItsFeaturesLoseTogether()
    {
        var together = options with { ImportanceGroups = [new ImportanceGroup("who and what", ["user", "item"])] };

        var importance = new Funnel(4000, 1, noise: 0).Judge(together).Importance!;

        Assert.Equal(["price", "tab", "who and what"], importance.Groups.Select(group => group.Group).Order());
        var alone = new Funnel(4000, 1, noise: 0).Judge(options).Importance!;
        Assert.True(Loss(importance, "who and what") > Math.Max(Loss(alone, "user"), Loss(alone, "item")) + 0.02);

        double Loss(ImportanceReport report, string group) =>
            report.Groups.Single(each => each.Group == group).Losses.Single(loss => loss.Output == "ctr").Loss;
    }

    [Fact]
    public void Run_PredictionsThatCannotBeMadeAgain_HasNone()
    {
        var funnel = new Funnel(300, 1);

        var report = new EvaluationRun(funnel.Model with { Rescorer = null }, options).Run(funnel.Set, cancellation: TestContext.Current.CancellationToken);

        Assert.Null(report.Importance);
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
}
