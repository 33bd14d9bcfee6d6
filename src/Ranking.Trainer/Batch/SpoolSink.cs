using Ranking.Core;
using Ranking.Events;

namespace Ranking.Trainer;

/// <summary>Sorts examples by their split into what is learned from and what choices are made on.</summary>
internal sealed class SpoolSink(TrainingJob job, ExampleSpool train, ExampleSpool validate, IDeadLetters deadLetters) : IJoinOutput
{
    /// <summary>The newest event time that is learned from, Unix milliseconds.</summary>
    public long LearnedThrough { get; private set; }

    public void Impression(in JoinedImpression impression)
    {
    }

    public void Example(Example example)
    {
        if (job.TrainsOn(example.Split))
        {
            train.Add(example);
            LearnedThrough = Math.Max(LearnedThrough, example.EventTime);
        }
        else if (job.ValidatesOn(example.Split))
        {
            validate.Add(example);
        }
    }

    public void Settled(in Settlement settlement)
    {
        if (settlement.DeadLetter is { } letter)
        {
            deadLetters.Write(settlement.Position, letter.Fault!, letter.Entry);
        }
    }
}
