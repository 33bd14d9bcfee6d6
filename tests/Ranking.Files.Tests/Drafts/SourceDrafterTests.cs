using System.Globalization;
using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Files.Tests;

public sealed class SourceDrafterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(TimeUnit.S, "1700000000", "1700000060", "1700000120")]
    [InlineData(TimeUnit.Ms, "1700000000000", "1700000000001", "1700000000002")]
    [InlineData(TimeUnit.Us, "1700000000000000", "1700000000000001", "1700000000000002")]
    [InlineData(TimeUnit.Iso, "2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z", "2024-01-02T00:00:00Z")]
    public void Draft_Times_HaveTheirUnit(TimeUnit unit, params string[] times)
    {
        var draft = Draft(Write("log.csv", $"user_id,at,click\n1,{times[0]},0\n2,{times[1]},1\n1,{times[2]},0\n"));

        Assert.Equal(("at", unit), (draft.Time.Column, draft.Time.Unit));
    }

    [Fact]
    public void Draft_WhatComesWithALabel_IsNeverAFeature()
    {
        // paid has a value only with a click, verdict decides it, feel all but orders it; age is innocent.
        var rows = Enumerable.Range(0, 3_000).Select(i => (Row: i, Click: i * 7919 % 10 < 3)).Select(each =>
            string.Create(CultureInfo.InvariantCulture, $"{each.Row % 50},{(each.Click ? 1 : 0)},{(each.Click ? each.Row % 9 + 1 : 0)},{(each.Click ? "bc"[each.Row % 2] : 'a')},{(each.Click ? 100 : 0) + (each.Row * 31 % 101) + 0.5},{each.Row * 17 % 59}"));
        var draft = Draft(Write("log.csv", $"user_id,click,paid,verdict,feel,age\n{string.Join('\n', rows)}\n"));

        Assert.All(["paid", "verdict", "feel"], name => Assert.Equal(ColumnRole.Never, RoleOf(draft.Log, name)));
        Assert.Equal(ColumnRole.Numeric, RoleOf(draft.Log, "age"));
    }

    [Fact]
    public void Draft_ColumnsThatIdsFix_BelongToThem()
    {
        var rows = Enumerable.Range(0, 2_000).Select(i => (User: i * 7 % 41, Item: i * 13 % 59, Row: i))
            .Select(each => $"{each.User},{each.Item},{each.User % 6},{each.Item % 9},{each.Row * 31 % 5},{(each.Row * 7919 % 10 < 3 ? 1 : 0)}");
        var draft = Draft(Write("log.csv", $"user_id,item_id,segment,genre,device,click\n{string.Join('\n', rows)}\n"));

        Assert.Equal([FeatureScope.User, FeatureScope.Item, FeatureScope.Context],
            new[] { "segment", "genre", "device" }.Select(name => draft.Log.Columns.First(column => column.Name == name).Scope));
    }

    [Fact]
    public void Draft_EntityTablesInAnyOrder_AreMatchedByTheirIds()
    {
        var log = Write("log.csv", $"customer_id,sku_id,click\n{string.Join('\n', Enumerable.Range(0, 100).Select(i => $"c{i % 10},s{i % 7},{(i % 3 == 0 ? 1 : 0)}"))}\n");
        var customers = Write("people.csv", $"id,zip\n{string.Join('\n', Enumerable.Range(0, 10).Select(i => $"c{i},{i % 3}"))}\n");
        var goods = Write("stock.csv", $"id,brand\n{string.Join('\n', Enumerable.Range(0, 7).Select(i => $"s{i},{i % 3}"))}\n");
        var draft = SourceDrafter.Draft([goods, log, customers], new DraftHints());

        Assert.Equal((log, customers, "id", goods, "id"), (draft.Log.Path, draft.Users!.Path, draft.Users.Id, draft.Items!.Path, draft.Items.Id));
        Assert.Equal("customer_id", draft.Log.Find(ColumnRole.UserId)!.Name);
    }

    [Fact]
    public void Draft_LabelsByFalseAndTrue_AreComparedWithTrue()
    {
        var draft = Draft(Write("log.csv", "user_id,clicked,bought\n1,True,False\n2,False,False\n1,True,True\n"));

        Assert.Equal([("clicked", "clicked == 'True'"), ("bought", "(clicked == 'True') & (bought == 'True')")], draft.Outcomes.Select(outcome => (outcome.Name, outcome.When)));
    }

    [Fact]
    public void Draft_LabelNamed_KeepsOtherOutcomesFromTheFeatures()
    {
        var draft = SourceDrafter.Draft([Write("log.csv", "user_id,click,is_like,vip\n1,1,0,0\n2,0,0,1\n1,1,1,1\n")], new DraftHints { Labels = ["vip"] });

        Assert.Equal(["vip"], draft.Outcomes.Select(outcome => outcome.Name));
        Assert.All(["click", "is_like"], name => Assert.Equal(ColumnRole.Never, RoleOf(draft.Log, name)));
    }

    [Fact]
    public void Draft_SeveralLogs_NamesThem()
    {
        string[] logs = [Write("monday.csv", "user_id,click\n1,0\n1,1\n"), Write("tuesday.csv", "user_id,click\n1,0\n1,1\n")];
        var told = Assert.Throws<TableException>(() => SourceDrafter.Draft(logs, new DraftHints())).Message;

        Assert.All([.. logs, "2 tables that could be the log"], part => Assert.Contains(part, told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no column 'clicks'; it has user_id, click", "clicks")]
    [InlineData("the column 'user_id' is no label", "user_id")]
    public void Draft_HintThatDoesNotFit_IsRefused(string told, string label)
    {
        var log = Write("log.csv", "user_id,click\n1,0\n3,1\n");

        Assert.Contains(told, Assert.Throws<TableException>(() => SourceDrafter.Draft([log], new DraftHints { Labels = [label] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log.csv.gz")]
    [InlineData("log.parquet")]
    public void Draft_FileOfAnotherFormatThanItsName_IsRefused(string name)
    {
        var path = Write(name, "user_id,click\n1,0\n2,1\n");

        Assert.StartsWith($"{path}: cannot be read", Assert.Throws<TableException>(() => Draft(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draft_LogWithRowNumbersThatLookLikeItsUsersValues_IsStillTheLog()
    {
        var log = Write("log.csv", $"row_id,user_id,click\n{string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i},{i % 10},{(i % 3 == 0 ? 1 : 0)}"))}\n");
        var users = Write("users.csv", $"user_id,city_id\n{string.Join('\n', Enumerable.Range(0, 10).Select(i => $"{i},{i % 4}"))}\n");

        Assert.Equal((log, users), (SourceDrafter.Draft([users, log], new DraftHints()) is var draft ? draft.Log.Path : "", draft.Users!.Path));
    }

    [Fact]
    public void Draft_MoreRowsThanTheSample_StillKnowsEveryValueOfTheSplit()
    {
        var rows = Enumerable.Range(0, TableProfile.SampledRows + 20_000).Select(i => $"{i % 100},{i % 2},{(i == 70_000 ? "test" : "train")}");
        var draft = Draft(Write("log.csv", $"user_id,click,split\n{string.Join('\n', rows)}\n"));

        Assert.Equal(["train", "test"], draft.Split.Train.Concat(draft.Split.Test));
        Assert.Contains($"judged by {TableProfile.SampledRows} of them", draft.Log.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static SourceDraft Draft(string path) => SourceDrafter.Draft([path], new DraftHints());

    private static ColumnRole RoleOf(TableDraft table, string name) => table.Columns.First(column => column.Name == name).Role;

    private string Write(string name, string text)
    {
        File.WriteAllText(folder.Combine(name), text);
        return folder.Combine(name);
    }
}
