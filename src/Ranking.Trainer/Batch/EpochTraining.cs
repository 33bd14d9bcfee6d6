using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Several passes over a finite log's training split, by each of the model's networks for itself: what networks take for a
/// signal by chance, they then do not all take from one order of examples. Trees beside them are grown on the same split,
/// in the log's order. The model is calibrated on the validation split.
/// Where there is none, the calibration is fitted on the last examples of the first pass, as they were predicted before
/// they were learned from: right for weights that move little afterwards, so a validation split is the better choice.
/// </summary>
internal sealed class EpochTraining(ModelSpec spec, LearnerOptions options, string folder, IProgress<TrainingStage>? stages = null)
{
    private const int Batch = 4096;

    /// <summary>How many examples the kept weights have learned from, those of each pass, in the network with the most.</summary>
    public long Learned { get; private set; }

    /// <summary>The learner after its best epochs.</summary>
    /// <param name="train">What is learned from.</param>
    /// <param name="validate">What it is judged on after each epoch; empty runs all epochs and keeps the last.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Ends at a batch border.</param>
    public Learner Run(ExampleSpool train, ExampleSpool validate, Action<EpochResult> progress, CancellationToken cancellation)
    {
        var transforms = FitTransforms(train);
        List<NetworkEpochs> networks = [.. spec.Architecture.Networks.Select((_, number) => new NetworkEpochs(spec, transforms, options, folder, number, stages))];
        List<Learner> learners = [];
        foreach (var network in networks)
        {
            learners.Add(network.Run(train, validate, progress, cancellation));
        }

        Learned = networks.Max(network => network.Learned);
        var learner = spec.IsOneNetwork ? learners[0] : Join(learners);
        if (spec.Trees is not null)
        {
            cancellation.ThrowIfCancellationRequested();
            stages?.Report(new TrainingStage("Growing trees", 0, 0));
            learner.Grow(Batches(train, train.Count).SelectMany(examples => examples));
        }

        if (learner.IsCalibrated)
        {
            learner.Calibrate(validate.Count > 0 ? Predict(learner, validate) : Mean(learner, [.. networks.Select(network => network.Progressive)]));
        }

        return learner;
    }

    /// <summary>The examples with what the learner predicts for them, so many at a time when the first of them is asked for.</summary>
    public static IEnumerable<Example> Predict(Learner learner, ExampleSpool spool, int together = Batch) =>
        Batches(spool, spool.Count, together).SelectMany(examples => Predict(learner, examples));

    /// <summary>The examples with what the learner predicts for them.</summary>
    public static Example[] Predict(Learner learner, Example[] examples)
    {
        var width = learner.Outputs.Length;
        var outputs = new float[examples.Length * width];
        learner.Predict(examples, outputs);
        return [.. examples.Select((example, i) => example with { Predicted = outputs.AsMemory(i * width, width) })];
    }

    private static Learner Join(List<Learner> learners)
    {
        var learner = Learner.Join(learners);
        learners.ForEach(part => part.Dispose());
        return learner;
    }

    // The same examples by each network. A calibration reads of them the logits, whose mean the model's is.
    private IEnumerable<Example> Mean(Learner learner, IReadOnlyList<Example>[] networks)
    {
        var shares = learner.Outputs.Select(output => spec.SharesOf(output.Task)).ToArray();
        return networks[0].Select((example, row) => example with
        {
            Predicted = shares.Select((all, output) => all.Zip(networks, (share, network) => share * network[row].Predicted.Span[output]).Sum()).ToArray(),
        });
    }

    private ImmutableArray<NumericTransform> FitTransforms(ExampleSpool train) =>
        TransformFitter.Fit(spec.Schema, Batches(train, Math.Min(train.Count, spec.Training.FitTransformsOn)).SelectMany(examples => examples));

    // As many at a time as need no thought of memory.
    private static IEnumerable<Example[]> Batches(ExampleSpool spool, int count, int together = Batch)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(together))
        {
            var examples = new Example[numbers.Length];
            spool.Read(numbers, examples);
            yield return examples;
        }
    }
}

/// <summary>How an epoch ended.</summary>
/// <param name="Network">Whose it was, from 1.</param>
/// <param name="Networks">How many networks the model has.</param>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Epochs">How many there may be.</param>
/// <param name="Examples">How many examples it had.</param>
/// <param name="ValidationLoss">
/// The log loss of the validation split as a share of the base rate's, the mean over the judged outputs, so that a rare
/// task is not outvoted; NaN without one.
/// </param>
public sealed record EpochResult(int Network, int Networks, int Epoch, int Epochs, int Examples, double ValidationLoss)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Networks == 1 ? "" : $"network {Network} of {Networks}, ")}epoch {Epoch} of {Epochs}: {Examples} examples, {(double.IsNaN(ValidationLoss) ? "no validation split" : $"log loss of the validation split {ValidationLoss:F5} of the base rate's")}");
}
