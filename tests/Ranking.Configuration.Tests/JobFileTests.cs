using Ranking.Core;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Configuration.Tests;

public sealed class JobFileTests
{
    private static readonly string Samples = Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples");
    private static readonly string Golden = Path.Combine(SharedFolder.RepositoryRoot, "tests", "Ranking.Configuration.Tests", "Golden");

    [Theory]
    [InlineData("kuairand.yaml")]
    [InlineData("kuairand-like.yaml")]
    [InlineData("kuairand-statistics.yaml")]
    [InlineData("kuairand-signal.yaml")]
    [InlineData("kuairand-learning.yaml")]
    [InlineData("kuairand-sequences.yaml")]
    [InlineData("census.yaml")]
    public void Validate_Samples_FindsNothing(string sample) => Assert.Empty(JobFile.Validate(Path.Combine(Samples, sample)));

    [Theory]
    [InlineData("kuairand.yaml")]
    [InlineData("kuairand-like.yaml")]
    [InlineData("kuairand-statistics.yaml")]
    [InlineData("kuairand-signal.yaml")]
    [InlineData("kuairand-learning.yaml")]
    [InlineData("kuairand-sequences.yaml")]
    [InlineData("census.yaml")]
    public void Load_Samples_AreAtMost60LinesOf100Characters(string sample)
    {
        var lines = File.ReadAllLines(Path.Combine(Samples, sample));
        Assert.InRange(lines.Length, 1, 60);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Validate_BrokenFile_TellsEveryFaultAtOnce()
    {
        var faults = JobFile.Validate(Path.Combine(Golden, "broken.yaml"));

        var told = string.Concat(faults.Select(fault => $"{fault with { File = "broken.yaml" }}\n"));
        Assert.Equal(File.ReadAllText(Path.Combine(Golden, "broken.txt")), told);
        Assert.Equal(faults, Assert.Throws<ConfigurationException>(() => JobFile.Load(Path.Combine(Golden, "broken.yaml"))).Faults);
    }

    [Fact]
    public void Load_KuaiRand_DeclaresTheStandingNetwork()
    {
        var job = JobFile.Load(Path.Combine(Samples, "kuairand.yaml"));

        Assert.Equal("kuairand", job.Namespace);
        Assert.Equal(ArchitectureKind.Mmoe, job.Model.Architecture.Kind);
        Assert.True(job.Model.Architecture.EntireSpace);
        Assert.Equal(["ctr", "cvr"], job.Model.Tasks.Tasks.Select(task => task.Name));
        Assert.Equal("ctcvr", job.Model.Tasks.Tasks[1].Joint);
        Assert.Equal(TimeSpan.FromMinutes(10), job.Model.Tasks.Tasks[1].Window);
        Assert.Equal(44, job.Model.Schema.Features.Count(feature => feature.IsInput));
        Assert.All(job.Model.Tables, table => Assert.Equal((8, 2), (table.Dimension, table.AdmitAfter)));
        Assert.Equal(job.Model.Schema.Features.Count(feature => feature.IsEmbedded && feature.IsInput), job.Model.Tables.Length);
        Assert.Equal("is_click & long_view", job.Sources!.Log.Outcomes[1].When);
        Assert.Equal("conversions", job.Model.Objectives[0].Name);
    }

    [Fact]
    public void Load_Calibration_IsOfEveryTaskThatDoesNotSayItself()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml"))
            .Replace("joint: ctcvr, window: 10m}", "joint: ctcvr, window: 10m, calibration: {method: platt}}", StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("ranking.yaml"), $"{text}calibration: {{method: isotonic, by: tab, knots: 16}}\n");

        var model = JobFile.Load(folder.Combine("ranking.yaml")).Model;

        var tab = model.Schema.Features.First(feature => feature.Name == "tab").Id;
        Assert.Equal(
            [new CalibrationSpec { Method = CalibrationMethod.Isotonic, By = tab, Knots = 16 }, new CalibrationSpec { Method = CalibrationMethod.Platt }],
            model.Calibration);
        Assert.Empty(JobFile.Load(Path.Combine(Samples, "kuairand.yaml")).Model.Calibration);
    }

    [Theory]
    [InlineData("{method: isotonic, by: tabb}", "did you mean 'tab'?")]
    [InlineData("{method: isotonic, by: video_duration}", "use one of")]
    [InlineData("{by: tab}", "add method: platt or isotonic")]
    public void Validate_CalibrationByWhatCannotSlice_IsAFault(string calibration, string fix)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("ranking.yaml"), $"{File.ReadAllText(Path.Combine(Samples, "kuairand.yaml"))}calibration: {calibration}\n");

        var fault = Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml")));

        Assert.Equal("calibration.by", fault.Path);
        Assert.Contains(fix, fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_IdRegularisation_IsOfEveryTableThatDoesNotSayItself()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml")).Replace(
            "embedding: {dim: 8, admit_after: 2}",
            "embedding: {dim: 8, frequency_decay: 0.01, id_dropout: 0.1, reset_each_epoch: true}\ntables: {tag: {id_dropout: 0, reset_each_epoch: false}}",
            StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("ranking.yaml"), text);

        var tables = JobFile.Load(folder.Combine("ranking.yaml")).Model.Tables.ToDictionary(table => table.Name);

        Assert.Equal((0.01f, 0.1f, true), (tables["user_id"].FrequencyDecay, tables["user_id"].IdDropout, tables["user_id"].ResetEachEpoch));
        Assert.Equal((0.01f, 0f, false), (tables["tag"].FrequencyDecay, tables["tag"].IdDropout, tables["tag"].ResetEachEpoch));
        Assert.All(JobFile.Load(Path.Combine(Samples, "kuairand.yaml")).Model.Tables, table => Assert.Equal((0f, 0f, false), (table.FrequencyDecay, table.IdDropout, table.ResetEachEpoch)));
    }

    [Fact]
    public void Load_Precision_IsOfEveryTableThatDoesNotSayItselfAndOfTheModel()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml"))
            .Replace("admit_after: 2}", "admit_after: 2, precision: float16}\ntables: {user_id: {precision: int8}, tag: {precision: float32}}", StringComparison.Ordinal)
            .Replace("model: {", "model: {precision: float16, ", StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("ranking.yaml"), text);

        var model = JobFile.Load(folder.Combine("ranking.yaml")).Model;

        var tables = model.Tables.ToDictionary(table => table.Name, table => table.Precision);
        Assert.Equal((RowPrecision.Int8, RowPrecision.Float32, RowPrecision.Float16), (tables["user_id"], tables["tag"], tables["video_id"]));
        Assert.Equal(ScoringPrecision.Float16, model.Precision);
        Assert.True(model.IsRounded);
        Assert.False(JobFile.Load(Path.Combine(Samples, "kuairand.yaml")).Model.IsRounded);
    }

    [Fact]
    public void Validate_ResetWithOneEpoch_IsAFault()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml"))
            .Replace("admit_after: 2}", "admit_after: 2, reset_each_epoch: true}", StringComparison.Ordinal).Replace("epochs: 3", "epochs: 1", StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("ranking.yaml"), text);

        Assert.Equal("embedding.reset_each_epoch", Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml"))).Path);
    }

    [Fact]
    public void Load_File_IsDealtToAsManyPartitionsAsTheTopicsHave()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml")).Replace("partitions: 4", "partitions: 12", StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("ranking.yaml"), text);

        Assert.Equal(12, JobFile.Load(folder.Combine("ranking.yaml")).Sources!.Log.Partitions);
    }

    [Fact]
    public void Load_OverlayOfAnother_ChangesOnlyWhatItSays()
    {
        var like = JobFile.Load(Path.Combine(Samples, "kuairand-like.yaml"));
        var under = JobFile.Load(Path.Combine(Samples, "kuairand.yaml"));

        Assert.Equal("is_click & is_like", like.Sources!.Log.Outcomes.Single(outcome => outcome.Name == "conversion").When);
        Assert.Equal(under.Sources!.Log.Outcomes.Single(outcome => outcome.Name == "click"), like.Sources.Log.Outcomes.Single(outcome => outcome.Name == "click"));
        Assert.Equal(under.Model.Schema.Fingerprint, like.Model.Schema.Fingerprint);
        Assert.Equal(under.Model.Tasks.Tasks[1] with { LossWeight = 3 }, like.Model.Tasks.Tasks[1]);
        Assert.Equal(under.Model.Training with { LearningRate = 0.001f, EmbeddingLearningRate = 0.05f }, like.Model.Training);
        Assert.Equal((under.Store.Path, under.Store.Keep), (like.Store.Path, like.Store.Keep));
        Assert.NotEqual(under.Store.Checkpoints, like.Store.Checkpoints);
    }

    [Fact]
    public void Load_KuaiRand_GivesDerivedFeaturesTheScopeOfWhatTheyRead()
    {
        var schema = JobFile.Load(Path.Combine(Samples, "kuairand.yaml")).Model.Schema;

        Assert.Equal(FeatureScope.Item, schema.Find("aspect_ratio")!.Scope);
        Assert.Equal(FeatureScope.Pair, schema.Find("age_days")!.Scope);
        Assert.Equal(FeatureScope.Context, schema.Find("hour")!.Scope);
    }

    [Fact]
    public void Load_FeaturesInAnotherOrder_KeepTheirIds()
    {
        using var folder = new TemporaryFolder();
        var parts = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml")).Split("features:\n", 2);
        var end = parts[1].IndexOf("\ntasks:", StringComparison.Ordinal) + 1;
        var features = parts[1][..end].Split("  - ", StringSplitOptions.RemoveEmptyEntries).Reverse().Select(feature => "  - " + feature);
        File.WriteAllText(folder.Combine("ranking.yaml"), $"{parts[0]}features:\n{string.Concat(features)}{parts[1][end..]}");

        var reordered = JobFile.Load(folder.Combine("ranking.yaml"));
        Assert.Equal(JobFile.Load(Path.Combine(Samples, "kuairand.yaml")).Model.Schema.Fingerprint, reordered.Model.Schema.Fingerprint);
    }

    [Theory]
    [InlineData("name: [", "mend the line")]
    [InlineData("- a\n- b\n", "write 'name: …'")]
    [InlineData("name: a\nname: b\n", "mend the line")]
    [InlineData("extends: ranking.yaml\n", "let one of them stand alone")]
    [InlineData("extends: other.yaml\n", "name a job file")]
    [InlineData("name: a\n", "add the key 'features'")]
    public void Validate_UnreadableFile_SaysWhy(string text, string fix)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("ranking.yaml"), text);

        Assert.Contains(JobFile.Validate(folder.Combine("ranking.yaml")), fault => fault.Fix.Contains(fix, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("is_click", "known only after the impression")]
    [InlineData("play_time_ms", "known only after the impression")]
    public void Validate_LabelAmongTheFeatures_IsALeak(string column, string found)
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml")).Replace("names: [tab]", $"names: [tab, {column}]", StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("ranking.yaml"), text);

        var fault = Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml")));
        Assert.Contains(found, fault.Found, StringComparison.Ordinal);
        Assert.Contains($"'{column}'", fault.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- {names: [position], derived: position, train_only: true, serve_as: 0}", null)]
    [InlineData("- {names: [shown], kind: numeric, derived: log1p(position), train_only: true, serve_as: 0}", null)]
    [InlineData("- {names: [position], derived: position}", "reads the position, which no item has when it is scored")]
    [InlineData("- {names: [position], scope: pair, train_only: true}", "'position', which is built in")]
    public void Validate_Position_IsForDerivedTrainOnlyFeatures(string feature, string? found)
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml")).Replace("  - {names: [tab]", $"  {feature}\n  - {{names: [tab]", StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("ranking.yaml"), text);

        var faults = JobFile.Validate(folder.Combine("ranking.yaml"));
        if (found is null)
        {
            Assert.Empty(faults);
        }
        else
        {
            Assert.Contains(found, Assert.Single(faults).Found, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("window: 10m}\n  cvr", "window: 999999999d}\n  cvr", "tasks.ctr.window")]
    [InlineData("balanced: {formula: ctr ^ a", "balanced: {formula: aspect_ratio * ctr ^ a", "objectives.balanced.formula")]
    [InlineData("joint: ctcvr, window: 10m}", "joint: ctcvr, window: 10m}\n  other: {outcome: click, given: ctr, joint: ctcvr, window: 1m}", "tasks.other.joint")]
    public void Validate_WhatOnlyRunningWouldTell_IsAFault(string sound, string broken, string path)
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml"));
        Assert.Contains(sound, text, StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("ranking.yaml"), text.Replace(sound, broken, StringComparison.Ordinal));

        Assert.Equal(path, Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml"))).Path);
    }

    [Fact]
    public void Validate_BraceThatNothingCloses_IsAFaultWhereItStands()
    {
        using var folder = new TemporaryFolder();
        var lines = File.ReadAllLines(Path.Combine(Samples, "kuairand.yaml"));
        var open = Array.FindIndex(lines, line => line.Contains("transform: log1p}", StringComparison.Ordinal));
        File.WriteAllLines(folder.Combine("ranking.yaml"), lines.Select(line => line.Replace("transform: log1p}", "transform: log1p", StringComparison.Ordinal)));

        Assert.InRange(Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml"))).Line, open, open + 2);
    }

    [Fact]
    public void Load_WithoutSources_IsAJobOnTopicsAlone()
    {
        using var folder = new TemporaryFolder();
        var lines = File.ReadAllLines(Path.Combine(Samples, "kuairand.yaml"));
        var (from, to) = (Array.IndexOf(lines, "sources:"), Array.FindIndex(lines, line => line.StartsWith("embedding:", StringComparison.Ordinal)));
        File.WriteAllLines(folder.Combine("ranking.yaml"), [.. lines[..from], .. lines[to..]]);

        Assert.Null(JobFile.Load(folder.Combine("ranking.yaml")).Sources);
    }

    [Fact]
    public void Validate_FaultInTheData_StandsAtItsDeclaration()
    {
        var faults = JobFile.Validate(Path.Combine(Samples, "kuairand.yaml"), _ => [new SourceFault("features.tab", "x", "y"), new SourceFault("sources.log.outcomes.click.when", "x", "y")]);

        var lines = File.ReadAllLines(Path.Combine(Samples, "kuairand.yaml"));
        Assert.Equal(["click: {when", "names: [tab]"], faults.Select(fault => lines[fault.Line - 1].Trim()).Select(line => line.TrimStart('-', ' ', '{')[..12]));
    }
}
