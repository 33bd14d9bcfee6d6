using System.Collections.Immutable;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Evaluation.Tests;

public sealed class FeatureGroupingTests
{
    private static readonly ModelSpec Spec = Funnel.Spec with
    {
        Schema = new FeatureSchema(
        [
            Category(1, "onehot_feat0", FeatureScope.User), Category(2, "onehot_feat1", FeatureScope.User), Category(3, "gender", FeatureScope.User),
            Category(4, "item", FeatureScope.Item),
            Category(5, "uploaded", FeatureScope.Item) with { IsInput = false },
            Category(6, "age", FeatureScope.Pair) with { Derived = "event_time - uploaded", Kind = FeatureKind.Numeric, Table = null },
            Category(7, "unread", FeatureScope.Item) with { IsInput = false },
            Category(8, "place", FeatureScope.Pair) with { TrainOnly = true },
        ]),
    };

    [Fact]
    public void Groups_FamiliesScopesAndTime_GoTogether()
    {
        var groups = new FeatureGrouping(Spec, []).Groups();

        Assert.Equal(
            ["onehot_feat*", "gender", "item", "uploaded", "event_time", "all of the user", "all of the item"], groups.Select(group => group.Name));
        Assert.Equal([1, 2], groups[0].Ids.Order());
        Assert.Equal(["age"], groups[3].Inputs);
        Assert.True(groups[4].HasTime);
        Assert.Equal(["age"], groups[4].Inputs);
        Assert.Equal(["item", "age"], groups[6].Inputs);
    }

    [Fact]
    public void Groups_ManyStatistics_AreOneForEachKeyAndKind()
    {
        var spec = JobFile.Load(Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", "kuairand-signal.yaml")).Model;

        var groups = new FeatureGrouping(spec, []).Groups();

        var ids = spec.Statistics.Select(statistic => statistic.FeatureId).ToHashSet();
        var parts = groups.Where(group => !group.IsUnion && group.Ids.Overlaps(ids)).ToList();
        Assert.True(spec.Statistics.Length > 140);
        Assert.InRange(parts.Count, 20, 30);
        Assert.Equal(ids, parts.SelectMany(group => group.Ids).Order().ToHashSet());
        Assert.All(parts, group => Assert.True(group.Ids.IsSubsetOf(ids)));
        var rates = groups.Single(group => group.Name == "user_id: rates and means").Inputs;
        Assert.Superset(
            (from rate in new[] { "click_rate", "conversion_rate", "conversion_rate_of_click" } from window in new[] { "", ".1d", ".7d" } select $"user_id.{rate}{window}")
                .Append("user_id.play_mean.7d").ToHashSet(),
            rates.ToHashSet());
        Assert.All(rates, name => Assert.StartsWith("user_id.", name, StringComparison.Ordinal));
        Assert.Equal(
            spec.Statistics.Count(statistic => statistic.Kind is StatisticKind.Logistic or StatisticKind.LogisticDeviation or StatisticKind.LogisticWeight),
            groups.Single(group => group.Name == "online regression").Ids.Count);
        Assert.Equal(4, groups.Single(group => group.Name == "user_id × author_id: counts and recency").Ids.Count);
        Assert.Equal(10, groups.Single(group => group.Name == "user_id × tab: last outcomes").Ids.Count);
        Assert.Equal(ids.Count, groups.Single(group => group is { Name: "all statistics", IsUnion: true }).Ids.Count);
        Assert.Equal(
            spec.Statistics.Count(statistic => statistic.Kind is not (StatisticKind.Logistic or StatisticKind.LogisticDeviation or StatisticKind.LogisticWeight)
                && statistic.Key is [var key] && key == spec.Schema.Find("user_id")!.Id),
            groups.Single(group => group is { Name: "all statistics of user_id", IsUnion: true }).Ids.Count);
    }

    [Fact]
    public void Groups_Declared_LeaveTheRestAsItWas()
    {
        ImmutableArray<ImportanceGroup> declared = [new("who", ["onehot*0", "gender"]), new("when", ["event_time", "up*"])];

        var groups = new FeatureGrouping(Spec, declared).Groups();

        Assert.Equal(["who", "when", "onehot_feat1", "item", "all of the user", "all of the item"], groups.Select(group => group.Name));
        Assert.Equal([1, 3], groups[0].Ids.Order());
        Assert.True(groups[1].HasTime);
        Assert.Equal([5], groups[1].Ids);
        Assert.Equal(["age"], groups[1].Inputs);
        Assert.Equal(["item", "age"], groups[5].Inputs);
    }

    [Fact]
    public void Groups_DeclaredAsAUnionIs_StandOnce()
    {
        var groups = new FeatureGrouping(Spec, [new ImportanceGroup("users", ["onehot*", "gender"])]).Groups();

        Assert.Equal(["users", "item", "uploaded", "event_time", "all of the item"], groups.Select(group => group.Name));
    }

    [Theory]
    [InlineData("gendr", "names 'gendr', which is no feature: choose of event_time, gender, item,")]
    [InlineData("gender.*", "names 'gender.*', which no feature matches")]
    [InlineData("age", "names 'age', which is derived: name what it is made of, event_time, uploaded")]
    [InlineData("unread", "names 'unread', which does not reach the model")]
    [InlineData("place", "names 'place', which only training reads")]
    [InlineData("onehot*", "'a' and 'b' both hold 'onehot_feat1':")]
    [InlineData("*", "'a' and 'b' both hold 'onehot_feat1' and 1 more:")]
    public void Groups_WhatCannotBePermuted_IsAFault(string member, string fault)
    {
        var error = Assert.Throws<EvaluationException>(() =>
            new FeatureGrouping(Spec, [new ImportanceGroup("a", [member]), new ImportanceGroup("b", ["onehot_feat1", "item"])]));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("twice", "twice")]
    [InlineData("other", "uploaded")]
    [InlineData("other", "all of the user")]
    public void Groups_NameThatAnotherHas_IsAFault(string first, string second)
    {
        ImmutableArray<ImportanceGroup> groups = [new ImportanceGroup(first, ["gender"]), new ImportanceGroup(second, ["item"])];

        var error = Assert.Throws<EvaluationException>(() => new FeatureGrouping(Spec, groups));

        Assert.Equal($"importance_group '{second}': another group of the report has this name; take another.", error.Message);
    }

    private static Feature Category(int id, string name, FeatureScope scope) =>
        new() { Id = id, Name = name, Kind = FeatureKind.Categorical, Scope = scope, Table = name };
}
