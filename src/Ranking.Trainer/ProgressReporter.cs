namespace Ranking.Trainer;

/// <summary>Tells whoever watches how far training is, at most twice a second.</summary>
internal sealed class ProgressReporter(IProgress<TrainingStatus> progress, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private readonly List<PublishedVersion> versions = [];
    private long last;
    private long deltas;

    /// <summary>Every version that was offered to the gate.</summary>
    public IReadOnlyList<PublishedVersion> Versions => versions;

    public void Offered(PublishedVersion version) => versions.Add(version);

    public void PublishedDelta() => deltas++;

    public void ReportIfDue(TrainingState state, double? read)
    {
        if (clock.GetElapsedTime(last) >= Every)
        {
            Report(state, read);
        }
    }

    public void Report(TrainingState state, double? read = null)
    {
        last = clock.GetTimestamp();
        progress.Report(new TrainingStatus
        {
            Learned = state.Fold.Learned,
            LearnedThrough = state.Fold.LearnedThrough,
            Read = read,
            Counts = state.Join.Counts,
            Outputs = state.Fold.Metrics.Current,
            Latest = versions.LastOrDefault(),
            Deltas = deltas,
        });
    }
}
