using Ranking.Core;
using Ranking.Events;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer.Tests;

/// <summary>A feature derived from the position: learned as it was, served as declared.</summary>
public sealed class PositionTests
{
    private static readonly Feature Shown = new()
    {
        Id = 9,
        Name = "shown",
        Kind = FeatureKind.Categorical,
        Scope = FeatureScope.Context,
        Table = "shown",
        Derived = "position",
        TrainOnly = true,
        ServeAs = "1",
    };

    /// <summary>All is clicked at position 0 and nothing at 1; requests are scored as if at 1.</summary>
    [Fact]
    public void Learn_ClicksAtOnePositionOnly_PredictsEveryItemAsAtServeAs()
    {
        var model = TinyWorld.Model with
        {
            Schema = new FeatureSchema([Shown]),
            Tables = [new EmbeddingTableSpec { Name = "shown", Dimension = 4, AdmitAfter = 1 }],
            Tasks = new TaskSet([new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromSeconds(5) }]),
            Architecture = new ArchitectureSpec { Kind = ArchitectureKind.SharedBottom, Bottom = [8], Tower = [8] },
        };
        var examples = Join(model.Tasks);
        Assert.Equal([0, 1], examples.Select(example => example.Position!.Value).Distinct().Order());
        using var learner = new Learner(model, [], new LearnerOptions { Threads = 1 });
        for (var epoch = 0; epoch < 60; epoch++)
        {
            learner.Step(examples);
        }

        var outputs = new float[examples.Length * learner.Outputs.Length];
        learner.Predict(examples, outputs);
        Assert.Single(outputs.Chunk(learner.Outputs.Length).Select(row => string.Join(' ', row)).Distinct());
        Assert.InRange(outputs[learner.Outputs.Index().First(output => output.Item.Kind == OutputKind.Probability).Index], 0, 0.1f);
        var learned = Assert.Single(learner.Embeddings);
        var keys = new ulong[learned.Count];
        learned.CopyKeys(keys);
        Assert.Superset(new HashSet<ulong> { new KeyHash("shown").Of(0), new KeyHash("shown").Of(1) }, keys.ToHashSet());
    }

    // By the served record and the impression: the record has no position, the impression no features.
    private static Example[] Join(TaskSet tasks)
    {
        var (sink, offset) = (new Examples(), 0L);
        var join = new LabelJoin(tasks, new JoinSpec(), TinyWorld.Job.Entities, sink);
        for (var request = 0; request < 64; request++)
        {
            var (name, time) = ($"r{request}", 1_000L * request);
            Process(new ServedEvent(time, "u") { RequestId = name, Items = [new ServedItem("a", 1, 1, default, default), new ServedItem("b", 0, 1, default, default)], Returned = 2 });
            Process(new ImpressionEvent(time, "u") { RequestId = name, ItemId = "a", Position = 0 });
            Process(new ImpressionEvent(time, "u") { RequestId = name, ItemId = "b", Position = 1 });
            Process(new OutcomeEvent(time, "u") { RequestId = name, ItemId = "a", Name = "click" });
        }

        join.End();
        return [.. sink.Items];

        void Process(LogEvent record) => join.Process(new MergedEvent(
            record.EventTime,
            new LogEntry { Position = new LogPosition(new LogPartition(LogTopic.Events, 0), offset++), BrokerTime = record.EventTime, Event = record },
            null));
    }

    private sealed class Examples : IJoinOutput
    {
        public List<Example> Items { get; } = [];

        public void Impression(in JoinedImpression impression)
        {
        }

        public void Example(Example example) => Items.Add(example);

        public void Settled(in Settlement settlement)
        {
        }
    }
}
