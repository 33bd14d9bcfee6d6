using System.Text.Json;
using Ranking.Testing;

namespace Ranking.Files.Tests;

/// <summary>Public data against what a person says that their columns are.</summary>
public sealed class SourceDrafterGoldenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("kuairand", true, "kuairand/log.csv.gz", "kuairand/users.csv.gz", "kuairand/videos.csv.gz")]
    [InlineData("census", true, "census/census.csv.gz")]
    [InlineData("ali_ccp", false, "fixtures/ali_ccp_train_sample.csv")]
    [InlineData("aliexpress", false, "fixtures/aliexpress_train_sample.csv")]
    public void Draft_PublicData_AgreesWithThePersonOnNineTenthsOfTheColumns(string golden, bool hasScopes, params string[] files)
    {
        var draft = SourceDrafter.Draft([.. files.Select(file => SharedFolder.Require(["data", .. file.Split('/')]))], new DraftHints());

        var found = new[] { draft.Log, draft.Users, draft.Items }.OfType<TableDraft>()
            .SelectMany(table => table.Columns.Select(column => (Key: $"{Path.GetFileName(table.Path).Split('.')[0]} {column.Name}", Column: column))).ToDictionary(pair => pair.Key, pair => pair.Column);
        var expected = File.ReadLines(Path.Combine(SharedFolder.RepositoryRoot, "tests/Ranking.Files.Tests/Drafts/Golden", $"{golden}.txt"))
            .Where(line => !line.StartsWith('#')).Select(line => line.Split(' ')).Select(parts => (Key: $"{parts[0]} {parts[1]}", Role: parts[2], Scope: parts[3])).ToList();
        Assert.Equal(expected.Select(line => line.Key).Order(), found.Keys.Order());
        var roles = expected.Where(line => Snake(found[line.Key].Role) != line.Role).ToList();
        var scoped = expected.Where(line => hasScopes && line.Scope != "-" && found[line.Key].IsFeature).ToList();
        var scopes = scoped.Where(line => Snake(found[line.Key].Scope) != line.Scope).ToList();
        roles.ForEach(line => output.WriteLine($"{line.Key}: {found[line.Key].Role} ({found[line.Key].Reason}) in place of {line.Role}"));
        scopes.ForEach(line => output.WriteLine($"{line.Key}: of the {found[line.Key].Scope} ({found[line.Key].Reason}) in place of {line.Scope}"));
        Assert.True(roles.Count <= 0.1 * expected.Count, $"{roles.Count} of {expected.Count} roles differ");
        Assert.True(scopes.Count <= 0.1 * scoped.Count, $"{scopes.Count} of {scoped.Count} scopes differ");
        output.WriteLine($"{golden}: {expected.Count - roles.Count} of {expected.Count} roles, {scoped.Count - scopes.Count} of {scoped.Count} scopes agree");
    }

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
