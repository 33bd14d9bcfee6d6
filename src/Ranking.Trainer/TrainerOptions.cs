namespace Ranking.Trainer;

/// <summary>Where and how a trainer runs; what it trains is the job's specification.</summary>
public sealed record TrainerOptions
{
    /// <summary>The folder of the model store.</summary>
    public required string StoreFolder { get; init; }

    /// <summary>The folder of checkpoints; training goes on from the newest whole one in it.</summary>
    public required string CheckpointFolder { get; init; }

    /// <summary>Where what is predicted at each impression's own place is kept, for a progressive evaluation; nowhere where null.</summary>
    public string? PredictionFile { get; init; }

    /// <summary>Threads of libtorch, 1 to the number of cores. The same number gives the same bits.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary><c>cpu</c>, or <c>cuda</c> in a build with <c>-p:Torch=cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How often a checkpoint is written while training goes on, besides the one at the end. Default 5 minutes.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many versions the store keeps, besides pinned and served ones. 2 and more.</summary>
    public int KeepVersions { get; init; } = 5;

    /// <summary>Everything that is wrong with the options, each with its fix.</summary>
    public IEnumerable<string> Validate()
    {
        if (Threads < 1 || Threads > Environment.ProcessorCount)
        {
            yield return $"Threads is {Threads}: give 1 to {Environment.ProcessorCount}.";
        }

        if (Device is not ("cpu" or "cuda"))
        {
            yield return $"Device is '{Device}': give 'cpu' or 'cuda'.";
        }

        if (CheckpointEvery < TimeSpan.FromSeconds(1))
        {
            yield return $"CheckpointEvery is {CheckpointEvery}: give one second or more.";
        }

        if (KeepVersions < 2)
        {
            yield return $"KeepVersions is {KeepVersions}: give 2 or more, so that a server can finish with the one before.";
        }
    }
}
