using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Several passes over a finite log's training split, each in an order of its own, ended early when the validation
/// split's loss has been no better for longer than the declared patience; the best pass's weights are kept, and calibrated
/// on the validation split. Where there is none, the calibration is fitted on the last examples of the first pass, as they
/// were predicted before they were learned from: right for weights that move little afterwards, so a validation split is
/// the better choice.
/// </summary>
internal sealed class EpochTraining(ModelSpec spec, LearnerOptions options, string folder, IProgress<TrainingStage>? stages = null)
{
    private const int PredictBatch = 4096;

    private readonly List<Example> progressive = [];

    /// <summary>The learner after its best epoch.</summary>
    /// <param name="train">What is learned from.</param>
    /// <param name="validate">What it is judged on after each epoch; empty runs all epochs and keeps the last.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Ends at a batch border.</param>
    public Learner Run(ExampleSpool train, ExampleSpool validate, Action<EpochResult> progress, CancellationToken cancellation)
    {
        var learner = RunEpochs(train, validate, progress, cancellation);
        if (learner.IsCalibrated)
        {
            learner.Calibrate(validate.Count > 0 ? Predict(learner, validate) : progressive);
        }

        return learner;
    }

    /// <summary>The examples with what the learner predicts for them.</summary>
    public static IEnumerable<Example> Predict(Learner learner, ExampleSpool spool)
    {
        foreach (var numbers in Enumerable.Range(0, spool.Count).Chunk(PredictBatch))
        {
            var examples = new Example[numbers.Length];
            spool.Read(numbers, examples);
            foreach (var example in Predict(learner, examples))
            {
                yield return example;
            }
        }
    }

    private static Example[] Predict(Learner learner, Example[] examples)
    {
        var width = learner.Outputs.Length;
        var outputs = new float[examples.Length * width];
        learner.Predict(examples, outputs);
        return [.. examples.Select((example, i) => example with { Predicted = outputs.AsMemory(i * width, width) })];
    }

    private Learner RunEpochs(ExampleSpool train, ExampleSpool validate, Action<EpochResult> progress, CancellationToken cancellation)
    {
        var learner = new Learner(spec, FitTransforms(train), options);
        var (best, worse) = (double.PositiveInfinity, 0);
        var saved = Path.Combine(folder, "best-epoch");
        for (var epoch = 1; epoch <= spec.Training.Epochs; epoch++)
        {
            if (epoch > 1)
            {
                learner.ResetEmbeddings();
            }

            RunEpoch(learner, train, epoch, learner.IsCalibrated && validate.Count == 0 && epoch == 1, cancellation);
            var loss = validate.Count == 0 ? double.NaN : Validate(learner, validate, epoch);
            progress(new EpochResult(epoch, spec.Training.Epochs, train.Count, loss));
            worse = loss >= best ? worse + 1 : 0;
            if (worse > spec.Training.Patience)
            {
                break;
            }

            best = worse == 0 && !double.IsNaN(loss) ? loss : best;
            if (worse == 0 && validate.Count > 0 && epoch < spec.Training.Epochs)
            {
                Replace(saved, learner);
            }
        }

        if (worse == 0)
        {
            return learner;
        }

        learner.Dispose();
        return Learner.Load(saved, options);
    }

    private ImmutableArray<NumericTransform> FitTransforms(ExampleSpool train)
    {
        var examples = new Example[Math.Min(train.Count, spec.Training.FitTransformsOn)];
        train.Read([.. Enumerable.Range(0, examples.Length)], examples);
        return TransformFitter.Fit(spec.Schema, examples);
    }

    private void RunEpoch(Learner learner, ExampleSpool train, int epoch, bool isProgressive, CancellationToken cancellation)
    {
        var order = Enumerable.Range(0, train.Count).ToArray();
        new Random(HashCode(spec.Training.Seed, epoch)).Shuffle(order);
        var (done, all) = ((epoch - 1L) * train.Count, (double)spec.Training.Epochs * train.Count);
        foreach (var numbers in order.Chunk(spec.Training.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var examples = new Example[numbers.Length];
            train.Read(numbers, examples);
            if (isProgressive && train.Count - done <= spec.Training.GateExamples)
            {
                progressive.AddRange(Predict(learner, examples));
            }

            learner.Step(examples, spec.Training.DecayLearningRate ? (float)(1 - (done / all)) : 1);
            done += numbers.Length;
            Tell($"Epoch {epoch} of {spec.Training.Epochs}", done - ((epoch - 1L) * train.Count), train.Count);
        }
    }

    private double Validate(Learner learner, ExampleSpool validate, int epoch)
    {
        var judged = 0L;
        var losses = ProgressiveLoss.ForOutputs(learner.Outputs, spec.Tasks);
        foreach (var example in Predict(learner, validate))
        {
            foreach (var loss in losses.Where(loss => loss.Observes(example)))
            {
                loss.Add(example, example.Predicted.Span[loss.Index]);
            }

            if (++judged % PredictBatch == 0)
            {
                Tell($"Judging epoch {epoch} of {spec.Training.Epochs}", judged, validate.Count);
            }
        }

        return losses.Average(loss => loss.NormalisedEntropy) ?? double.NaN;
    }

    private void Tell(string stage, long done, int all) => stages?.Report(new TrainingStage(stage, (double)done / all, done));

    private static void Replace(string saved, Learner learner)
    {
        if (Directory.Exists(saved))
        {
            Directory.Delete(saved, true);
        }

        learner.Save(saved);
    }

    // Seeded Random keeps its sequence between versions of .NET; HashCode would not.
    private static int HashCode(ulong seed, int epoch) => (int)((seed * 0x9E3779B97F4A7C15) >> 33) ^ (epoch * 7919);
}

/// <summary>How an epoch ended.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Epochs">How many there may be.</param>
/// <param name="Examples">How many examples it had.</param>
/// <param name="ValidationLoss">
/// The log loss of the validation split as a share of the base rate's, the mean over the judged outputs, so that a rare
/// task is not outvoted; NaN without one.
/// </param>
public sealed record EpochResult(int Epoch, int Epochs, int Examples, double ValidationLoss)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {Epoch} of {Epochs}: {Examples} examples, {(double.IsNaN(ValidationLoss) ? "no validation split" : $"log loss of the validation split {ValidationLoss:F5} of the base rate's")}");
}
