using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// The passes of one network over the training split, each in an order of its own, ended early when the validation split's
/// loss has been no better for longer than the declared patience; the best pass's weights are kept.
/// </summary>
/// <param name="spec">The model.</param>
/// <param name="transforms">What was fitted for its numeric features.</param>
/// <param name="options">How it computes.</param>
/// <param name="folder">Where the best pass is kept meanwhile.</param>
/// <param name="number">Which of the model's networks it is, from 0.</param>
/// <param name="stages">Told how far it is.</param>
internal sealed class NetworkEpochs(
    ModelSpec spec, ImmutableArray<NumericTransform> transforms, LearnerOptions options, string folder, int number, IProgress<TrainingStage>? stages)
{
    private const int TellEvery = 4096;

    private readonly int networks = spec.Architecture.Networks.Length;
    private readonly int epochs = spec.Architecture.Networks[number].Epochs ?? spec.Training.Epochs;
    private readonly int batchSize = spec.Architecture.Networks[number].BatchSize ?? spec.Training.BatchSize;
    private readonly List<Example> progressive = [];

    /// <summary>
    /// Where a calibration has no validation split: the last examples of the first pass, as they were predicted before they
    /// were learned from. They are the same for all networks of a model.
    /// </summary>
    public IReadOnlyList<Example> Progressive => progressive;

    /// <summary>How many examples the kept weights have learned from, those of each pass.</summary>
    public long Learned { get; private set; }

    /// <summary>The network's learner after its best epoch.</summary>
    public Learner Run(ExampleSpool train, ExampleSpool validate, Action<EpochResult> progress, CancellationToken cancellation)
    {
        var learner = new Learner(spec, transforms, options, spec.IsOneNetwork ? null : number);
        var (best, worse) = (double.PositiveInfinity, 0);
        var saved = Path.Combine(folder, "best-epoch");
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            if (epoch > 1)
            {
                learner.ResetEmbeddings();
            }

            RunEpoch(learner, train, epoch, learner.IsCalibrated && validate.Count == 0 && epoch == 1, cancellation);
            var loss = validate.Count == 0 ? double.NaN : Validate(learner, validate, epoch);
            progress(new EpochResult(number + 1, networks, epoch, epochs, train.Count, loss));
            worse = loss >= best ? worse + 1 : 0;
            if (worse > spec.Training.Patience)
            {
                break;
            }

            best = worse == 0 && !double.IsNaN(loss) ? loss : best;
            Learned = worse == 0 ? (long)epoch * train.Count : Learned;
            if (worse == 0 && validate.Count > 0 && epoch < epochs)
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

    /// <summary>The examples' numbers in the order of a network's epoch.</summary>
    internal static int[] Order(ulong seed, int network, int epoch, int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        // Seeded Random keeps its sequence between versions of .NET.
        new Random((int)((seed * 0x9E3779B97F4A7C15) >> 33) ^ (epoch * 7919) ^ (network * 104_729)).Shuffle(order);
        return order;
    }

    private void RunEpoch(Learner learner, ExampleSpool train, int epoch, bool isProgressive, CancellationToken cancellation)
    {
        var order = Order(spec.Training.Seed, isProgressive ? 0 : number, epoch, train.Count);
        var (done, all) = ((epoch - 1L) * train.Count, (double)epochs * train.Count);
        var unkept = train.Count - spec.Training.GateExamples;
        foreach (var numbers in order.Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var examples = new Example[numbers.Length];
            train.Read(numbers, examples);
            if (isProgressive && done + numbers.Length > unkept)
            {
                progressive.AddRange(EpochTraining.Predict(learner, examples).Skip((int)Math.Max(0, unkept - done)));
            }

            learner.Step(examples, spec.Training.DecayLearningRate ? (float)(1 - (done / all)) : 1);
            done += numbers.Length;
            Tell($"epoch {epoch} of {epochs}", done - ((epoch - 1L) * train.Count), train.Count);
        }
    }

    private double Validate(Learner learner, ExampleSpool validate, int epoch)
    {
        var judged = 0L;
        var losses = ProgressiveLoss.ForOutputs(learner.Outputs, spec.Tasks);
        foreach (var example in EpochTraining.Predict(learner, validate))
        {
            foreach (var loss in losses.Where(loss => loss.Observes(example)))
            {
                loss.Add(example, example.Predicted.Span[loss.Index]);
            }

            if (++judged % TellEvery == 0)
            {
                Tell($"judging epoch {epoch} of {epochs}", judged, validate.Count);
            }
        }

        return losses.Average(loss => loss.NormalisedEntropy) ?? double.NaN;
    }

    private void Tell(string stage, long done, int all)
    {
        var name = networks == 1 ? stage : $"network {number + 1} of {networks}, {stage}";
        stages?.Report(new TrainingStage(char.ToUpperInvariant(name[0]) + name[1..], (double)done / all, done));
    }

    private static void Replace(string saved, Learner learner)
    {
        if (Directory.Exists(saved))
        {
            Directory.Delete(saved, true);
        }

        learner.Save(saved);
    }
}
