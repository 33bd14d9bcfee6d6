using Ranking.Configuration;

namespace Ranking.Trainer;

/// <summary>What the trainer's program runs, from appsettings.json, the environment (<c>Ranking__Trainer__…</c>) and arguments.</summary>
internal sealed record TrainerSettings
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Ranking:Trainer";

    /// <summary>The job file. Default <c>ranking.yaml</c>.</summary>
    public string Job { get; init; } = "ranking.yaml";

    /// <summary>The folder of a log at rest that is trained on first; none where null.</summary>
    public string? Log { get; init; }

    /// <summary>Whether the topics are followed. Default true: this program is there for live traffic.</summary>
    public bool Topics { get; init; } = true;

    /// <summary>The file that keeps what is predicted at each impression's own place, for a progressive evaluation; none where null.</summary>
    public string? Predictions { get; init; }

    /// <summary>Threads of libtorch; all cores where null.</summary>
    public int? Threads { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>. Default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How often a checkpoint is written, besides the one at the end. Default 5 minutes.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(5);

    public TrainerOptions OptionsOf(JobSpec job) => new()
    {
        StoreFolder = job.Store.Path,
        CheckpointFolder = job.Store.Checkpoints,
        KeepVersions = job.Store.Keep,
        PredictionFile = Predictions,
        Threads = Threads ?? Environment.ProcessorCount,
        Device = Device,
        CheckpointEvery = CheckpointEvery,
    };
}
