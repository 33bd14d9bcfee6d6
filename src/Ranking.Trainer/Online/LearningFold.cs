using Ranking.Core;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Predict, then train: what the learner makes of impressions and examples in the order of the log. Impressions are
/// predicted with the weights of their own place; a step is made when a batch is full or event time crosses the grid.
/// All of it is a function of that order alone, the composition of prediction batches included.
/// </summary>
internal sealed class LearningFold : IDisposable
{
    private const int PredictBatch = 1024;

    private readonly ModelSpec spec;
    private readonly LearnerOptions options;
    private readonly Func<string, bool> trainsOn;
    private readonly List<Example> impressions = [];
    private readonly HashSet<UInt128> waiting = [];
    private readonly Dictionary<UInt128, float[]> predicted = [];
    private readonly List<Example> batch = [];
    private Learner? learner;
    private long lastGrid = long.MinValue;

    public LearningFold(ModelSpec spec, LearnerOptions options, Func<string, bool> trainsOn)
    {
        this.spec = spec;
        this.options = options;
        this.trainsOn = trainsOn;
        Window = new GateWindow(spec.Training.GateExamples);
        Metrics = new ProgressiveMetrics(Architecture.Build(spec).Outputs, spec.Tasks);
        if (spec.Schema.Features.All(feature => feature.Transform == TransformKind.None))
        {
            learner = new Learner(spec, [], options);
        }
    }

    /// <summary>Takes the prediction of an impression that still waits for its labels.</summary>
    public Action<UInt128, ReadOnlySpan<float>> Predicted { get; set; } = (_, _) => { };

    /// <summary>The learner; null until the transforms of its features are fitted.</summary>
    public Learner? Learner => learner;

    public GateWindow Window { get; }

    public ProgressiveMetrics Metrics { get; }

    /// <summary>Examples learned from.</summary>
    public long Learned { get; private set; }

    /// <summary>The newest event time learned from, Unix milliseconds.</summary>
    public long LearnedThrough { get; private set; }

    /// <summary>An impression at its place in the order.</summary>
    public void Impression(Example impression)
    {
        if (learner is null)
        {
            return;
        }

        impressions.Add(impression);
        waiting.Add(impression.Impression);
        if (impressions.Count == PredictBatch)
        {
            Predict();
        }
    }

    /// <summary>An example at its place in the order.</summary>
    public void Example(Example example)
    {
        if (waiting.Contains(example.Impression))
        {
            Predict();
        }

        if (example.Predicted.IsEmpty && predicted.TryGetValue(example.Impression, out var outputs))
        {
            example = example with { Predicted = outputs };
        }

        Window.Add(example);
        Metrics.Add(example);
        if (!trainsOn(example.Split))
        {
            return;
        }

        batch.Add(example);
        if (learner is not null && batch.Count == spec.Training.BatchSize)
        {
            Step();
        }
        else if (learner is null && batch.Count == spec.Training.FitTransformsOn)
        {
            FitAndCatchUp();
        }
    }

    /// <summary>Order time has come to this: ends the batch where it crosses the grid.</summary>
    public void Advance(long orderTime)
    {
        if (spec.Training.BatchEvery is not { } every)
        {
            return;
        }

        var grid = Math.DivRem(orderTime, (long)every.TotalMilliseconds).Quotient;
        if (grid > lastGrid && learner is not null && batch.Count > 0)
        {
            Step();
        }

        lastGrid = Math.Max(grid, lastGrid);
    }

    /// <summary>The log has ended: learns from what is left.</summary>
    public void Finish()
    {
        if (learner is null && batch.Count > 0)
        {
            FitAndCatchUp();
        }

        if (batch.Count > 0)
        {
            Step();
        }
    }

    public void Save(string folder)
    {
        learner!.Save(Path.Combine(folder, "learner"));
        using var writer = new BinaryWriter(File.Create(Path.Combine(folder, "fold.bin")));
        writer.Write(ExampleCodec.FormatVersion);
        writer.Write(lastGrid);
        writer.Write(Learned);
        writer.Write(LearnedThrough);
        Window.Save(writer);
        Write(writer, batch);
        Write(writer, impressions);
    }

    public void Load(string folder)
    {
        learner?.Dispose();
        learner = Learner.Load(Path.Combine(folder, "learner"), options);
        if (!LearnsAs(learner.Spec))
        {
            throw new InvalidDataException(
                $"{folder} was written under other features, tasks, network or training than the job declares: declare them as they were, or train anew with another folder of checkpoints.");
        }

        using var reader = new BinaryReader(File.OpenRead(Path.Combine(folder, "fold.bin")));
        reader.ReadInt32();
        lastGrid = reader.ReadInt64();
        Learned = reader.ReadInt64();
        LearnedThrough = reader.ReadInt64();
        Window.Load(reader);
        Read(reader, batch);
        Read(reader, impressions);
        waiting.UnionWith(impressions.Select(impression => impression.Impression));
    }

    public void Dispose() => learner?.Dispose();

    // What only says when versions are offered, how they are judged and what requests make of them may change.
    private bool LearnsAs(ModelSpec saved)
    {
        var training = saved.Training with
        {
            PublishEvery = spec.Training.PublishEvery,
            PublishEveryExamples = spec.Training.PublishEveryExamples,
            GateExamples = spec.Training.GateExamples,
            GateTolerance = spec.Training.GateTolerance,
        };
        return ModelJson.Write(saved with { Objectives = spec.Objectives, Training = training }).AsSpan().SequenceEqual(ModelJson.Write(spec));
    }

    private static void Write(BinaryWriter writer, List<Example> examples)
    {
        writer.Write(examples.Count);
        examples.ForEach(example => ExampleCodec.Write(writer, example));
    }

    private static void Read(BinaryReader reader, List<Example> examples)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            examples.Add(ExampleCodec.Read(reader));
        }
    }

    private void FitAndCatchUp()
    {
        learner = new Learner(spec, TransformFitter.Fit(spec.Schema, batch.ToArray()), options);
        var seen = batch.ToArray();
        batch.Clear();
        foreach (var chunk in seen.Chunk(spec.Training.BatchSize))
        {
            batch.AddRange(chunk);
            if (batch.Count == spec.Training.BatchSize)
            {
                Step();
            }
        }
    }

    private void Step()
    {
        Predict();
        predicted.Clear();
        var examples = batch.ToArray();
        learner!.Step(examples);
        Learned += examples.Length;
        LearnedThrough = Math.Max(LearnedThrough, examples.Max(example => example.EventTime));
        batch.Clear();
    }

    private void Predict()
    {
        if (impressions.Count == 0)
        {
            return;
        }

        var width = learner!.Outputs.Length;
        var outputs = new float[impressions.Count * width];
        learner.Predict(impressions.ToArray(), outputs);
        for (var i = 0; i < impressions.Count; i++)
        {
            var row = outputs[(i * width)..((i + 1) * width)];
            predicted[impressions[i].Impression] = row;
            Predicted(impressions[i].Impression, row);
        }

        impressions.Clear();
        waiting.Clear();
    }
}
