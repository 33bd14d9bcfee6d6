using System.ComponentModel.DataAnnotations;

namespace Ranking.Configuration;

/// <summary>
/// Boosted trees beside the networks, which read numeric features, statistics above all. They are grown once, on the training
/// split that epochs go over, and are fixed while the networks learn on.
/// </summary>
internal sealed record TreesEntry
{
    /// <summary>What share of a task's logit is theirs; the networks have the rest.</summary>
    [Range(0.01, 0.95)]
    public float Share { get; init; } = 0.3f;

    /// <summary>Trees for each task.</summary>
    [Range(1, 10_000)]
    public int Count { get; init; } = 300;

    /// <summary>Leaves of a tree at most.</summary>
    [Range(2, 1024)]
    public int Leaves { get; init; } = 16;

    /// <summary>What each tree's leaves are multiplied by.</summary>
    [Range(0.001, 1.0)]
    public float LearningRate { get; init; } = 0.03f;

    /// <summary>Examples of a leaf at least.</summary>
    [Range(1, 1_000_000)]
    public int ExamplesPerLeaf { get; init; } = 200;

    /// <summary>What share of the features each tree may look at.</summary>
    [Range(0.01, 1.0)]
    public float FeatureShare { get; init; } = 0.3f;

    /// <summary>How many of the newest examples they are grown on at most: they stand in memory together, some 12 bytes a number.</summary>
    [Range(1000, 100_000_000)]
    public int Examples { get; init; } = 500_000;

    /// <summary>Features that they do not look at; a '*' stands for any characters.</summary>
    public List<string> LeaveOut { get; init; } = [];
}
