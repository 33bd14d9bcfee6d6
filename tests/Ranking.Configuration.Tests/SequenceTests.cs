using Ranking.Core;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Configuration.Tests;

public sealed class SequenceTests
{
    private const string Declared = "watched: {of: impression, last: 30, columns: [video_id, author_id, tag, tab, outcome, age], lag: 10m}";

    private static readonly string KuaiRand = Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", "kuairand.yaml");

    [Fact]
    public void Load_Sequence_IsAFeatureOfTheUserThatTheModelAttendsTo()
    {
        using var folder = new TemporaryFolder();
        var model = Load(folder, Declared).Model;

        var feature = model.Schema.Find("watched")!;
        Assert.Equal((FeatureKind.Sequence, FeatureScope.User, true, true), (feature.Kind, feature.Scope, feature.IsInput, feature.IsStatistic));
        Assert.Equal(["video_id", "author_id", "tag", "tab", "watched.outcome", "watched.age"], feature.Columns.Select(column => column.Table));
        Assert.Equal(model.Schema.Find("author_id")!.Id, feature.Columns[1].FeatureId);
        var spec = model.Sequences.Single();
        Assert.Equal((feature.Id, "impression", 30, TimeSpan.FromMinutes(10)), (spec.FeatureId, spec.Event, spec.Last, spec.Lag));
        Assert.Equal(["click", "conversion"], spec.Outcomes);
        Assert.Equal(4, model.Tables.Single(table => table.Name == "watched.age").Dimension);

        var graph = Architecture.Build(model);
        var attention = graph.Nodes.OfType<TargetAttentionNode>().Single();
        Assert.Equal((6, 4), (attention.Entries.Length, attention.Query.Length));
        var read = ModelJson.ReadSpec(ModelJson.Write(model));
        Assert.Equal(model.Schema.Fingerprint, read.Schema.Fingerprint);
        Assert.Equal(ModelJson.Write(model), ModelJson.Write(read));
    }

    [Fact]
    public void Load_LeaveOut_IsAQueryThatTheNetworkDoesNotRead()
    {
        using var folder = new TemporaryFolder();
        var model = Load(folder, Declared + "\nmodel: {leave_out: [video_id, user_id]}").Model;

        var graph = Architecture.Build(model);
        var id = graph.Nodes.IndexOf(graph.Nodes.OfType<EmbedNode>().Single(node => node.FeatureId == model.Schema.Find("video_id")!.Id));
        Assert.Contains(id, graph.Nodes.OfType<TargetAttentionNode>().Single().Query);
        Assert.False(model.Schema.Find("user_id")!.IsInput);
        Assert.All(graph.Nodes.OfType<ConcatNode>(), concat => Assert.DoesNotContain(id, concat.Parts));
    }

    [Fact]
    public void Load_LeaveOutWithStars_MeansAllFeaturesOfSuchNames()
    {
        using var folder = new TemporaryFolder();
        var schema = Load(folder, Declared + "\nmodel: {leave_out: [\"*_id\"]}").Model.Schema;

        Assert.False(schema.Find("user_id")!.IsInput);
        Assert.True(schema.Find("tab")!.IsInput);
        var error = Assert.Throws<ConfigurationException>(() => Load(folder, Declared + "\nmodel: {leave_out: [\"*_di\"]}"));
        Assert.Contains("model.leave_out: found '*_di', which is no feature; correct it, or take it out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LeaveOutWhatIsNoFeature_SaysWhatIs()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ConfigurationException>(() => Load(folder, Declared + "\nmodel: {leave_out: [vidoe_id]}"));
        Assert.Contains("model.leave_out: found 'vidoe_id', which is no feature; did you mean 'video_id'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SequenceOfOtherColumns_IsAnotherFeature()
    {
        using var folder = new TemporaryFolder();
        var numbers = new[] { Declared, Declared.Replace(", tab", "", StringComparison.Ordinal) }.Select(text => Load(folder, text).Model.Schema.Find("watched")!.Id);
        Assert.Equal(2, numbers.Distinct().Count());
    }

    [Fact]
    public void Load_SequenceOfOtherOutcomes_IsAnotherFeatureThatTellsThoseApart()
    {
        using var folder = new TemporaryFolder();
        var model = Load(folder, Declared.Replace("lag:", "outcomes: [conversion], lag:", StringComparison.Ordinal)).Model;

        Assert.Equal(["conversion"], model.Sequences.Single().Outcomes);
        Assert.NotEqual(Load(folder, Declared).Model.Sequences.Single().FeatureId, model.Sequences.Single().FeatureId);
    }

    [Fact]
    public void Load_DerivedColumn_HasTheTableOfItsFeature()
    {
        using var folder = new TemporaryFolder();
        var model = Load(folder, "watched: {columns: [video_id, duration_step, hour]}").Model;
        Assert.Equal(["video_id", "duration_step", "hour"], model.Schema.Find("watched")!.Columns.Select(column => column.Table));
    }

    [Fact]
    public void Load_SequenceThatIsNotAttendedTo_IsNoInputAndNeedsNoTables()
    {
        using var folder = new TemporaryFolder();
        var model = Load(folder, "watched: {columns: [outcome, age], attend: false}").Model;

        Assert.False(model.Schema.Find("watched")!.IsInput);
        Assert.DoesNotContain(model.Tables, table => table.Name.StartsWith("watched", StringComparison.Ordinal));
        Assert.Empty(Architecture.Build(model).Nodes.OfType<TargetAttentionNode>());
    }

    [Theory]
    [InlineData("watched: {columns: [video_id, vidio_id]}", "sequences.watched.columns", "vidio_id", "did you mean 'video_id'?")]
    [InlineData("watched: {columns: [video_id, user_id]}", "sequences.watched.columns", "user_id", "use one of")]
    [InlineData("watched: {columns: [video_id, age_days]}", "sequences.watched.columns", "age_days", "use one of")]
    [InlineData("watched: {columns: [video_id, outcome], outcomes: [clik]}", "sequences.watched.outcomes", "clik", "did you mean 'click'?")]
    [InlineData("watched: {columns: [video_id, age, age]}", "sequences.watched.columns", "age", "once")]
    [InlineData("watched: {columns: [outcome, age]}", "sequences.watched.columns", "nothing", "attend: false")]
    [InlineData("watched: {of: clik, columns: [video_id]}", "sequences.watched.of", "clik", "did you mean 'click'?")]
    [InlineData("watched: {columns: [video_id], last: 0}", "sequences.watched.last", "0", "1")]
    [InlineData("video_id: {columns: [video_id]}", "sequences.video_id", "video_id", "take a name")]
    [InlineData("a: {id: 7, columns: [video_id]}\n  b: {id: 7, columns: [video_id]}", "sequences.b", "7", "an id of its own")]
    public void Validate_WrongSequence_NamesPathValueAndFix(string declared, string path, string value, string fix)
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Single(JobFile.Validate(Write(folder, declared)));

        Assert.Equal(path, fault.Path);
        Assert.Contains(value, fault.Found, StringComparison.Ordinal);
        Assert.Contains(fix, fault.Fix, StringComparison.Ordinal);
    }

    private static JobSpec Load(TemporaryFolder folder, string sequences) => JobFile.Load(Write(folder, sequences));

    private static string Write(TemporaryFolder folder, string sequences)
    {
        var path = folder.Combine("job.yaml");
        File.WriteAllText(path, $"extends: {KuaiRand}\nname: sequences\nsequences:\n  {sequences}\n");
        return path;
    }
}
