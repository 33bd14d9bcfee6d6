using Ranking.Core;
using Ranking.Learning;

namespace Ranking.Trainer;

/// <summary>
/// The beginning of a log that is learned in epochs before the model goes on along the rest of it. It is gathered from the
/// same join that goes on, so that windows, statistics and sequences pass over the seam.
/// </summary>
/// <param name="job">What is trained.</param>
/// <param name="options">How.</param>
/// <param name="folder">Where examples and the best epoch are kept meanwhile.</param>
/// <param name="cancellation">Ends the epochs at a batch border.</param>
internal sealed class EpochPhase(TrainingJob job, LearnerOptions options, string folder, CancellationToken cancellation) : IDisposable
{
    private readonly ExampleSpool train = new(folder);
    private readonly ExampleSpool validate = new(folder);

    /// <summary>Told how far the epochs are.</summary>
    public IProgress<TrainingStage>? Stages { get; init; }

    /// <summary>Told after each epoch.</summary>
    public required Action<EpochResult> EpochEnded { get; init; }

    /// <summary>How many examples the learner has learned from, those of each pass.</summary>
    public long Learned { get; private set; }

    /// <summary>The newest event time that epochs learn from, Unix milliseconds.</summary>
    public long LearnedThrough { get; private set; }

    /// <summary>Whether nothing but the end of the log at rest ends the history.</summary>
    public bool IsWholeLog => job.Split is null;

    /// <summary>Whether an impression with this tag belongs to it; the first that does not ends it.</summary>
    public bool Holds(string split) => job.IsHistory(split);

    public void Add(Example example)
    {
        if (!job.TrainsOn(example.Split))
        {
            validate.Add(example);
            return;
        }

        train.Add(example);
        LearnedThrough = Math.Max(LearnedThrough, example.EventTime);
    }

    /// <summary>The learner after its best epoch.</summary>
    /// <exception cref="InvalidDataException">The history is empty.</exception>
    public Learner Train()
    {
        if (train.Count == 0)
        {
            throw new InvalidDataException(
                "training.online goes on from epochs, and nothing to train them on came before the first impression of another split: "
                + "give a log that begins with the train split of sources.log.split.");
        }

        var training = new EpochTraining(job.Model, options, folder, Stages);
        var learner = training.Run(train, validate, EpochEnded, cancellation);
        Learned = training.Learned;
        return learner;
    }

    /// <summary>
    /// What the epochs did not learn from, in the order of the log, predicted a batch at a time by what the learner is when the
    /// batch's first example is asked for.
    /// </summary>
    public IEnumerable<Example> Judged(Learner learner, int batchSize) => EpochTraining.Predict(learner, validate, batchSize);

    public void Dispose()
    {
        train.Dispose();
        validate.Dispose();
    }
}
