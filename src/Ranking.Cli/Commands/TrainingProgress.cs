using System.Globalization;
using Ranking.Trainer;

namespace Ranking.Cli;

/// <summary>Shows how far training is and how fast; every five seconds a line with its metrics stays.</summary>
internal sealed class TrainingProgress(Stages stages, TimeProvider clock) : IProgress<TrainingStatus>, IProgress<TrainingStage>
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(5);
    private TrainingStatus? untold;
    private long told;
    private (string Stage, long Since, long Examples) rate = ("", 0, 0);

    /// <inheritdoc/>
    public void Report(TrainingStatus value)
    {
        stages.Show(WithRate("Training", value.Learned), value.Read);
        untold = value.Learned > 0 ? value : null;
        if (clock.GetElapsedTime(told) >= TellEvery)
        {
            TellLast();
        }
    }

    /// <summary>Tells how far training has come, where that has not been told.</summary>
    public void TellLast()
    {
        if (untold is not { } value)
        {
            return;
        }

        (untold, told) = (null, clock.GetTimestamp());
        var metrics = value.Outputs.Where(output => output.Count > 0)
            .Select(output => string.Create(CultureInfo.InvariantCulture, $"{output.Name} AUC {output.Auc:F4} log loss {output.LogLoss:F4}"));
        stages.Tell(string.Join("; ", metrics.Prepend($"learned {value.Learned} examples, through {DateTimeOffset.FromUnixTimeMilliseconds(value.LearnedThrough):u}")));
    }

    /// <inheritdoc/>
    public void Report(TrainingStage value) => stages.Show(WithRate(value.Name, value.Examples), value.Done);

    // From where the stage was first heard of: what a checkpoint had already learned is no speed.
    private string WithRate(string stage, long examples)
    {
        if (stage != rate.Stage)
        {
            rate = (stage, clock.GetTimestamp(), examples);
        }

        var seconds = clock.GetElapsedTime(rate.Since).TotalSeconds;
        return examples == rate.Examples ? stage : string.Create(CultureInfo.InvariantCulture, $"{stage}, {(examples - rate.Examples) / seconds:N0} examples/s");
    }
}
