namespace Ranking.Configuration;

/// <summary>Looks whether deltas fit the versions that they are to lie over.</summary>
internal static class DeltaCheck
{
    private const string Path = "training.delta_every";

    /// <summary>Notes what does not fit.</summary>
    public static void Run(JobDocument document, FaultList faults)
    {
        var training = document.Training;
        if (training.DeltaEvery is not { } every)
        {
            return;
        }

        if (training is { PublishEvery: null, PublishEveryExamples: null })
        {
            faults.Add(Path, "given, and no version that a delta could lie over comes before the end", "give training.publish_every or training.publish_every_examples, or leave it out");
        }

        if (training.PublishEvery is { } versions && versions <= every)
        {
            faults.Add(Path, FormattableString.Invariant($"{every.TotalSeconds} s, not shorter than training.publish_every, {versions.TotalSeconds} s"), "have versions come less often than deltas, or leave it out");
        }
    }
}
