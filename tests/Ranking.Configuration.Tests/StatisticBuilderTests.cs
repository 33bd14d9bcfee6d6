using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Configuration.Tests;

public sealed class StatisticBuilderTests
{
    private const string Head = """
        name: small
        sources:
          log:
            path: log.csv
            user: user
            item: item
            time: {column: time}
            outcomes: {click: {when: clicked}, play: {when: played, value: played}}
        features:
          - {names: [user], scope: user, input: false}
          - {names: [author], scope: item}
          - {names: [tab], scope: context}
          - {names: [age], scope: user, kind: numeric}
          - {names: [place], derived: position, train_only: true}
        tasks: {ctr: {outcome: click, window: 10m}}
        model: {architecture: single_task}
        objectives: {best: {formula: ctr}}

        """;

    [Fact]
    public void Build_EachMeasureUnderEachKeyOverEachWindow_IsANumericFeatureOfTheKeysScope()
    {
        var model = Load("""
            statistics:
              - by: [all, user, author, user * tab, user * author]
                rate: [click / impression]
                count: [impression]
                over: [decay 7d, tumbling 1d, sliding 2h, ever]
                lag: 10m
                toward: author
              - {by: [user], last: [click / impression], length: 2, since: [click], mean: [play], share: [play > 7.5], distinct: [author]}
              - by: [author, user * tab]
                logistic: [click / impression]
                weight_variance: 0.01
                weight_variances: {user * tab: 0.4}
                weights: [user * tab]
                deviation: true
            """).Model;
        Assert.Equal(40 + 6 + 3, model.Statistics.Length);
        Assert.Equal(model.Statistics.Select(spec => spec.FeatureId).Order(), model.Schema.Features.Where(feature => feature.IsStatistic).Select(feature => feature.Id));
        foreach (var (name, scope, transform) in new[]
        {
            ("all.click_rate", FeatureScope.Context, TransformKind.Standard),
            ("user.click_rate.7d", FeatureScope.User, TransformKind.Standard),
            ("author.impressions.tumbling_1d", FeatureScope.Item, TransformKind.Log1p),
            ("user.tab.impressions.sliding_2h", FeatureScope.Context, TransformKind.Log1p),
            ("user.author.click_rate.7d", FeatureScope.Pair, TransformKind.Standard),
            ("user.click_last_2", FeatureScope.User, TransformKind.Standard),
            ("user.play_above_7.5", FeatureScope.User, TransformKind.Standard),
            ("user.distinct_author", FeatureScope.User, TransformKind.Log1p),
            ("logistic.click", FeatureScope.Pair, TransformKind.Standard),
            ("logistic.click.deviation", FeatureScope.Pair, TransformKind.Standard),
            ("user.tab.logistic.click", FeatureScope.Context, TransformKind.Standard),
        })
        {
            var feature = model.Schema.Find(name);
            Assert.NotNull(feature);
            Assert.Equal((scope, transform, FeatureKind.Numeric), (feature.Scope, feature.Transform, feature.Kind));
        }

        var rate = model.Statistics.First(spec => spec.FeatureId == model.Schema.Find("user.tab.click_rate.7d")!.Id);
        Assert.Equal((StatisticKind.Rate, "click", "impression", TimeSpan.FromMinutes(10)), (rate.Kind, rate.Event, rate.Among, rate.Lag));
        Assert.Equal([model.Schema.Find("user")!.Id, model.Schema.Find("tab")!.Id], rate.Key);
        Assert.Equal([model.Schema.Find("author")!.Id], rate.Parent);
        foreach (var logistic in model.Statistics.Where(spec => spec.Weights.Length > 0))
        {
            Assert.Equal([0.01, 0.4], logistic.WeightVariances!.Value);
        }
    }

    [Fact]
    public void Build_ARangeOfNames_HasAWeightForEach()
    {
        var job = Load("""
            statistics:
              - {by: ["place{0..2}"], logistic: [click / impression]}
            """, Head.Replace("  - {names: [place]", "  - {names: [\"place{0..2}\"], scope: user}\n  - {names: [place]", StringComparison.Ordinal));
        var logistic = Assert.Single(job.Model.Statistics);
        Assert.Equal(["place0", "place1", "place2"], logistic.Weights.Select(key => job.Model.Schema.Features[job.Model.Schema.SlotOf(key.Single())].Name));
        Assert.Null(logistic.WeightVariances);
    }

    [Theory]
    [InlineData("{by: [usr], count: [impression]}", "statistics[0].by", "did you mean 'user'")]
    [InlineData("{by: [age], count: [impression]}", "statistics[0].by", "'age', which is no categorical feature")]
    [InlineData("{by: [place], count: [impression]}", "statistics[0].by", "'place', which is no categorical feature that serving knows")]
    [InlineData("{by: [user], count: [clik]}", "statistics[0].count", "did you mean 'click'")]
    [InlineData("{by: [user], rate: [click]}", "statistics[0].rate", "write it as click / impression")]
    [InlineData("{by: [user], mean: [click]}", "statistics[0].mean", "add value: under sources.log.outcomes.click")]
    [InlineData("{by: [user], mean: [impression]}", "statistics[0].mean", "'impression', which is no event")]
    [InlineData("{by: [user], share: [play]}", "statistics[0].share", "write it as play > 7000")]
    [InlineData("{by: [user], count: [click], over: [7d]}", "statistics[0].over", "write ever, decay 7d")]
    [InlineData("{by: [user], count: [click], over: [decay 0s]}", "statistics[0].over", "write ever, decay 7d")]
    [InlineData("{by: [user], logistic: [click / impression], weights: [usr]}", "statistics[0].weights", "did you mean 'user'")]
    [InlineData("{by: [user], logistic: [click / impression], weight_variances: {tab: 1}}", "statistics[0].weight_variances", "'tab', which does not stand under by")]
    [InlineData("{by: [user]}", "statistics[0]", "add one or more of count, rate")]
    [InlineData("{by: [user, user], count: [click]}", "statistics[0]", "'user.clicks' a second time")]
    public void Build_WhatDoesNotFit_IsToldWithThePlaceAndTheFix(string entry, string path, string told)
    {
        var faults = Assert.Throws<ConfigurationException>(() => Load($"statistics: [{entry}]")).Faults;
        var fault = Assert.Single(faults);
        Assert.Equal(path, fault.Path);
        Assert.Contains(told, fault.ToString());
    }

    private static JobSpec Load(string statistics, string head = Head)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("ranking.yaml");
        File.WriteAllText(file, head + statistics);
        return JobFile.Load(file);
    }
}
