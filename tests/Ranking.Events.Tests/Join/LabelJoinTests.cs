using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>The join's rules one by one.</summary>
public sealed class LabelJoinTests
{
    private static readonly TaskSet Tasks = new(
    [
        new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromSeconds(10) },
        new RankingTask { Name = "cvr", Outcome = "conversion", Given = "ctr", Window = TimeSpan.FromSeconds(60) },
    ]);

    private readonly Joined output = new();

    [Fact]
    public void Process_ServedImpressionClickConversion_GivesOneExampleAWindow()
    {
        Run(new JoinSpec(), Log.Served(0, "r", "i"), Log.Impression(1_000, "r"), Log.Outcome(2_000, "r", "click"), Log.Outcome(30_000, "r", "conversion"));
        Assert.Equal([0b01u, 0b10u], output.Raw.Select(example => example.Observed));
        Assert.Equal([0b01u, 0b11u], output.Raw.Select(example => example.Labels));
        Assert.Equal(Log.ItemFeatures("i"), output.Raw[1].Features.Item.ToArray());
        Assert.All(output.Settlements.Values, text => Assert.Equal("Joined None", text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(null)]
    public void Process_ImpressionAtAPosition_GivesExamplesWithIt(int? position)
    {
        Run(new JoinSpec(), Log.Served(0, "r", "i"), Log.Impression(1_000, "r") with { Position = position });
        Assert.Equal([position, position], output.Raw.Select(example => example.Position));
    }

    [Fact]
    public void Process_EmitOnLabel_GivesPositivesAtOnce()
    {
        Run(new JoinSpec { Emit = EmitMode.OnLabel }, Log.OwnImpression(1_000, "r"), Log.Outcome(2_000, "r", "conversion"), Log.Outcome(3_000, "r", "click"));
        Assert.Equal([0b10u, 0b01u], output.Raw.Select(example => example.Observed));
        Assert.Equal([0b10u, 0b11u], output.Raw.Select(example => example.Labels));
    }

    [Fact]
    public void Process_EqualWindows_ShareOneExample()
    {
        var tasks = new TaskSet(Tasks.Tasks.Select(task => task with { Window = TimeSpan.FromSeconds(10) }));
        var join = new LabelJoin(tasks, new JoinSpec(), output, output);
        join.Process(Log.Merged(Log.OwnImpression(0, "r"), 0));
        join.End();
        Assert.Equal(0b11u, Assert.Single(output.Raw).Observed);
    }

    [Fact]
    public void Process_OutcomeAtTheWindowsEdges_CountsOnBothAndNotBeyond()
    {
        Run(
            new JoinSpec(),
            Log.OwnImpression(1_000, "a"),
            Log.OwnImpression(1_000, "b"),
            Log.OwnImpression(1_000, "c"),
            Log.Outcome(1_000, "a", "click"),
            Log.Outcome(11_000, "b", "click"),
            Log.Outcome(11_001, "c", "click"));
        Assert.Equal(["Joined None", "Joined None", "Orphan OutsideWindow"], output.Settlements.Values.Skip(3));
    }

    [Fact]
    public void Process_NoServedRecord_IsReconstructedAfterTheWait()
    {
        var join = new LabelJoin(Tasks, new JoinSpec { ServedWait = TimeSpan.FromSeconds(5) }, output, output);
        join.Process(Log.Merged(Log.Impression(0, "r"), 0));
        join.Process(Log.Merged(new HeartbeatEvent(5_000), 1));
        Assert.Empty(output.Settlements);
        join.Process(Log.Merged(new HeartbeatEvent(5_001), 2));
        Assert.Equal("Joined None", Assert.Single(output.Settlements).Value);
        Assert.Equal(1, join.Counts.Reconstructed);
        join.End();
        Assert.True(output.Raw[0].IsReconstructed);
        Assert.Equal("table i", System.Text.Encoding.UTF8.GetString(output.Raw[0].Features.Item.Span));
    }

    [Fact]
    public void SetPrediction_AfterTheLastExample_IsRefused()
    {
        var join = new LabelJoin(Tasks, new JoinSpec(), output, output);
        var key = LogEvent.ImpressionKey("r", "i");
        Assert.False(join.SetPrediction(key, [1f]));
        join.Process(Log.Merged(Log.OwnImpression(0, "r"), 0));
        Assert.True(join.SetPrediction(key, [0.25f, 0.5f]));
        join.Process(Log.Merged(new HeartbeatEvent(60_001), 1));
        Assert.False(join.SetPrediction(key, [1f]));
        Assert.All(output.Raw, example => Assert.Equal([0.25f, 0.5f], example.Predicted.ToArray()));
    }

    [Fact]
    public void Load_StateOfOtherTasks_NamesBoth()
    {
        using var saved = new MemoryStream();
        new LabelJoin(Tasks, new JoinSpec(), output, output).Save(saved);
        saved.Position = 0;
        var other = new LabelJoin(new TaskSet([Tasks.Tasks[0]]), new JoinSpec(), output, output);
        var error = Assert.Throws<InvalidDataException>(() => other.Load(saved));
        Assert.Contains("cvr by conversion", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherBytes_Throws()
    {
        var join = new LabelJoin(Tasks, new JoinSpec(), output, output);
        Assert.Throws<InvalidDataException>(() => join.Load(new MemoryStream(new byte[64])));
    }

    private void Run(JoinSpec spec, params LogEvent[] records)
    {
        var join = new LabelJoin(Tasks, spec, output, output);
        for (var i = 0; i < records.Length; i++)
        {
            join.Process(Log.Merged(records[i], i));
        }

        join.End();
        Assert.Equal(0, join.Counts.Pending);
    }
}
