using Ranking.Core;
using Ranking.Events;

namespace Ranking.Trainer;

/// <summary>Hands what the label join yields to the learner, and dead letters to where they are kept.</summary>
internal sealed class JoinSink(LearningFold fold, IDeadLetters deadLetters) : IJoinOutput
{
    public void Impression(in JoinedImpression impression) => fold.Impression(new Example
    {
        Sequence = 0,
        EventTime = impression.EventTime,
        Impression = impression.Key,
        User = impression.User,
        Features = impression.Features,
        Labels = 0,
        Observed = 0,
        IsReconstructed = impression.IsReconstructed,
        Split = impression.Split,
    });

    public void Example(Example example) => fold.Example(example);

    public void Settled(in Settlement settlement)
    {
        if (settlement.DeadLetter is { } letter)
        {
            deadLetters.Write(settlement.Position, letter.Fault!, letter.Entry);
        }
    }
}
