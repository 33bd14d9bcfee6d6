using Ranking.Trainer;

namespace Ranking.Cli;

/// <summary>Tells every five seconds how far training is.</summary>
internal sealed class TrainingProgress(TextWriter writer, TimeProvider clock) : IProgress<TrainingStatus>
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(5);
    private long told;

    /// <inheritdoc/>
    public void Report(TrainingStatus value)
    {
        if (value.Learned > 0 && clock.GetElapsedTime(told) >= TellEvery)
        {
            told = clock.GetTimestamp();
            var metrics = string.Join(", ", value.Outputs.Select(output => $"{output.Name} AUC {output.Auc:F4}"));
            writer.WriteLine($"learned {value.Learned} examples, through {DateTimeOffset.FromUnixTimeMilliseconds(value.LearnedThrough):u}; {metrics}");
        }
    }
}
