using System.Text;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Configuration.Tests;

public sealed class InitFromTests
{
    private static readonly string Sample = Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", "kuairand.yaml");

    [Fact]
    public void Load_InitFrom_NamesFeaturesByTheirIds()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("ranking.yaml"), $"{File.ReadAllText(Sample)}tables: {{video_id: {{init_from: [author_id, tag]}}}}\n");

        var model = JobFile.Load(folder.Combine("ranking.yaml")).Model;

        var read = ModelJson.ReadSpec(ModelJson.Write(model));
        var named = read.Tables.Single(table => table.Name == "video_id").InitFrom!.Value.Select(id => model.Schema.Features[model.Schema.SlotOf(id)].Name);
        Assert.Equal(["author_id", "tag"], named.Order(StringComparer.Ordinal));
        Assert.All(model.Tables.Where(table => table.Name != "video_id"), table => Assert.Null(table.InitFrom));
    }

    [Fact]
    public void Load_NoInitFrom_LeavesTheArtifactAsItWas() =>
        Assert.DoesNotContain("init_from", Encoding.UTF8.GetString(ModelJson.Write(JobFile.Load(Sample).Model)), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("video_id: {init_from: [autor_id]}", "[0]", "'autor_id', which is no feature", "did you mean 'author_id'?")]
    [InlineData("video_id: {init_from: [tag, video_duration]}", "[1]", "'video_duration', a number, which has no rows", "author_id")]
    [InlineData("video_id: {init_from: [author_id], dim: 16}", "[0]", "'author_id', whose rows have 8 numbers where 'video_id' has 16", "one dim")]
    [InlineData("video_id: {init_from: [video_id]}", "[0]", "'video_id', whose ids are of the table itself", "author_id")]
    [InlineData("video_id: {init_from: [watched]}", "[0]", "'watched', a sequence", "author_id")]
    [InlineData("video_id: {init_from: [upload_dt]}", "[0]", "'upload_dt', which the model does not read", "author_id")]
    [InlineData("watched.outcome: {init_from: [tag]}", "", "'tag' for a table that no feature of the model reads by itself", "leave it out")]
    public void Validate_InitFromWhatHasNoRows_IsAFault(string table, string place, string found, string fix)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.Combine("ranking.yaml"), $"{File.ReadAllText(Sample)}sequences: {{watched: {{columns: [video_id, outcome]}}}}\ntables: {{{table}}}\n");

        var fault = Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml")));

        Assert.Equal($"tables.{table.Split(':')[0]}.init_from{place}", fault.Path);
        Assert.Contains(found, fault.Found, StringComparison.Ordinal);
        Assert.Contains(fix, fault.Fix, StringComparison.Ordinal);
    }
}
