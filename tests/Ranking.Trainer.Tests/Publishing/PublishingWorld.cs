using Ranking.Core;
using Ranking.Events;
using Ranking.Learning;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

/// <summary>A store to publish to, and learners of the tiny world to publish.</summary>
internal sealed class PublishingWorld : IDisposable
{
    private static readonly Example[] Labelled = ReadExamples();

    private readonly TemporaryFolder folder = new();
    private readonly VersionPublisher publisher;

    public PublishingWorld(ModelSpec? model = null)
    {
        Store = new FolderModelStore(folder.Path);
        publisher = new VersionPublisher(model ?? TinyWorld.Model, Store, keep: 5);
    }

    public FolderModelStore Store { get; }

    /// <summary>Of the tiny world's model.</summary>
    public DeltaPublisher Deltas => new(TinyWorld.Model, Store, keep: 5);

    public void LosePointer() => File.Delete(Path.Combine(folder.Path, TinyWorld.Model.Name, "served"));

    public PublishedVersion Publish(Learner learner, Example[] examples, int number) =>
        publisher.Publish(learner, examples, PointOf(learner, number));

    public static TrainingPoint PointOf(Learner learner, int number, int run = 1) => new(run, number, learner.Clock, []);

    public static Learner Train(ModelSpec model, int steps, Func<Example, Example>? change = null)
    {
        var learner = new Learner(model, TransformFitter.Fit(model.Schema, Labelled), new LearnerOptions { Threads = 1 });
        Step(learner, 0, steps, change);
        return learner;
    }

    /// <summary>Has it learn from some of the batches.</summary>
    public static void Step(Learner learner, int first, int steps, Func<Example, Example>? change = null)
    {
        foreach (var batch in Labelled.Select(change ?? (example => example)).Chunk(64).Skip(first).Take(steps))
        {
            learner.Step(batch);
        }
    }

    public static Example[] Predicted(Learner learner)
    {
        var width = learner.Outputs.Length;
        var outputs = new float[Labelled.Length * width];
        learner.Predict(Labelled, outputs);
        return [.. Labelled.Select((example, i) => example with { Predicted = outputs.AsMemory(i * width, width) })];
    }

    public static Example Later(Example example) => example with { EventTime = example.EventTime + 1_000_000_000 };

    public void Dispose() => folder.Dispose();

    private static Example[] ReadExamples()
    {
        var examples = new ExampleList();
        var join = new LabelJoin(TinyWorld.Model.Tasks, TinyWorld.Job.Join, TinyWorld.Job.Entities, examples);
        var log = new ShuffledLog(new TinyWorld(4_000).Entries, [], seed: 1);
        JoinReading.RunAsync(log, TinyWorld.Job.Join.MaxAhead, join, CancellationToken.None).GetAwaiter().GetResult();
        return [.. examples.Items];
    }

    private sealed class ExampleList : IJoinOutput
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
