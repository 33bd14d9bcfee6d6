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
    private readonly ModelSpec spec;
    private readonly LearnerOptions options;
    private readonly Func<string, bool> trainsOn;
    private readonly PredictedImpressions impressions = new();
    private readonly List<Example> batch = [];
    private readonly int batchSize;
    private readonly TimeSpan? batchEvery;
    private readonly float stepScale;
    private EpochPhase? epochs;
    private Learner? learner;
    private long lastGrid = long.MinValue;

    /// <param name="spec">The model.</param>
    /// <param name="options">Where it is trained.</param>
    /// <param name="trainsOn">Whether examples with this tag are learned from.</param>
    /// <param name="epochs">What is learned in epochs first; null where all is learned as it comes.</param>
    public LearningFold(ModelSpec spec, LearnerOptions options, Func<string, bool> trainsOn, EpochPhase? epochs = null)
    {
        this.spec = spec;
        this.options = options;
        this.trainsOn = trainsOn;
        this.epochs = epochs;
        (batchSize, batchEvery, stepScale) = spec.Training.Online is { } online
            ? (online.BatchSize, online.BatchEvery, online.StepScale)
            : (spec.Training.BatchSize, spec.Training.BatchEvery, 1);
        Window = new GateWindow(spec.Training.GateExamples);
        Metrics = new ProgressiveMetrics(Architecture.Build(spec).Outputs, spec.Tasks);
        if (epochs is null && !spec.Schema.Features.Any(feature => feature.IsFitted))
        {
            learner = new Learner(spec, [], options);
        }
    }

    /// <summary>Takes the prediction of an impression that still waits for its labels.</summary>
    public Action<UInt128, ReadOnlySpan<float>> Predicted
    {
        set => impressions.Predicted = value;
    }

    /// <summary>Called when the epochs are done, before anything else is learned.</summary>
    public Action HandedOver { get; set; } = () => { };

    /// <summary>The learner; null until the transforms of its features are fitted, or its epochs are done.</summary>
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
        if (epochs?.Holds(impression.Split) == false)
        {
            HandOver(epochs);
        }

        if (learner is not null)
        {
            impressions.Add(impression, learner);
        }
    }

    /// <summary>An example at its place in the order.</summary>
    public void Example(Example example)
    {
        if (epochs is not null)
        {
            epochs.Add(example);
            return;
        }

        example = impressions.Complete(example, learner);
        Window.Add(example);
        Metrics.Add(example);
        if (trainsOn(example.Split))
        {
            Learn(example);
        }
    }

    /// <summary>Order time has come to this: ends the batch where it crosses the grid.</summary>
    public void Advance(long orderTime)
    {
        if (batchEvery is not { } every)
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

    /// <summary>A log at rest has ended, and topics go on: so has a history that nothing else ends.</summary>
    public void EndAtRest()
    {
        if (epochs is { IsWholeLog: true })
        {
            HandOver(epochs);
        }
    }

    /// <summary>The log has ended: learns from what is left.</summary>
    public void Finish()
    {
        if (epochs is not null)
        {
            HandOver(epochs);
        }

        if (learner is null && batch.Count > 0)
        {
            FitAndCatchUp();
        }

        if (batch.Count > 0)
        {
            Step();
        }
    }

    /// <summary>Calibrates on the newest predictions, where there are any; what is predicted from here on is calibrated so.</summary>
    public void Calibrate()
    {
        if (learner is { IsCalibrated: true } && Window.Examples.Count > 0)
        {
            // What waits belongs to the calibration of its place.
            impressions.Run(learner);
            learner.Calibrate(Window.Examples);
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
        ExampleCodec.WriteAll(writer, batch);
        impressions.Save(writer);
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
        batch.AddRange(ExampleCodec.ReadAll(reader));
        impressions.Load(reader);
        epochs?.Dispose();
        epochs = null;
    }

    public void Dispose()
    {
        learner?.Dispose();
        epochs?.Dispose();
    }

    // What only says when versions are offered, how they are judged and what requests make of them may change.
    private bool LearnsAs(ModelSpec saved)
    {
        var training = saved.Training with
        {
            PublishEvery = spec.Training.PublishEvery,
            PublishEveryExamples = spec.Training.PublishEveryExamples,
            DeltaEvery = spec.Training.DeltaEvery,
            GateExamples = spec.Training.GateExamples,
            GateTolerance = spec.Training.GateTolerance,
        };
        return ModelJson.Write(saved with { Objectives = spec.Objectives, Training = training }).AsSpan().SequenceEqual(ModelJson.Write(spec));
    }

    private void Learn(Example example)
    {
        batch.Add(example);
        if (learner is not null && batch.Count == batchSize)
        {
            Step();
        }
        else if (learner is null && batch.Count == spec.Training.FitTransformsOn)
        {
            FitAndCatchUp();
        }
    }

    // What the epochs were judged on is learned from only now; it was not predicted at its own place, so it counts for the
    // gate and not for the progressive metrics.
    private void HandOver(EpochPhase past)
    {
        epochs = null;
        learner = past.Train();
        Learned = past.Learned;
        LearnedThrough = past.LearnedThrough;
        foreach (var example in past.Judged(learner, batchSize))
        {
            Window.Add(example);
        }

        HandedOver();

        // Predicted anew as their turn to be learned from comes. Of what the epochs' calibration puts right, learning on puts
        // right a part by itself: on KuaiRand both together came out at 1.016 of the clicks.
        Window.Clear();
        foreach (var example in past.Judged(learner, batchSize))
        {
            Window.Add(example);
            Learn(example);
        }

        Calibrate();
        past.Dispose();
    }

    private void FitAndCatchUp()
    {
        learner = new Learner(spec, TransformFitter.Fit(spec.Schema, batch.ToArray()), options);
        var seen = batch.ToArray();
        batch.Clear();
        foreach (var chunk in seen.Chunk(batchSize))
        {
            batch.AddRange(chunk);
            if (batch.Count == batchSize)
            {
                Step();
            }
        }
    }

    private void Step()
    {
        impressions.Close(learner!);
        var examples = batch.ToArray();
        learner!.Step(examples, stepScale);
        Learned += examples.Length;
        LearnedThrough = Math.Max(LearnedThrough, examples.Max(example => example.EventTime));
        batch.Clear();
    }
}
