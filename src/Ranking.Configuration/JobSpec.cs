using Ranking.Core;
using Ranking.Events;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>All that <c>ranking.yaml</c> declares. Addresses and passwords are not here: they belong to the hosts' settings.</summary>
public sealed record JobSpec
{
    /// <summary>Separates this job's keys in the feature store and its topics from those of others.</summary>
    public required string Namespace { get; init; }

    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>How the log becomes examples.</summary>
    public required JoinSpec Join { get; init; }

    /// <summary>The data in files; null for a job that lives on topics alone.</summary>
    public SourceSpec? Sources { get; init; }

    /// <summary>The topics.</summary>
    public required TopicSpec Topics { get; init; }

    /// <summary>Where versions and checkpoints stand.</summary>
    public required StoreSpec Store { get; init; }
}

/// <summary>The job's topics.</summary>
/// <param name="Namespace">The first part of their names.</param>
/// <param name="Partitions">Of each merged topic; fixed for the life of the log.</param>
/// <param name="Retention">How long the broker keeps records.</param>
public sealed record TopicSpec(string Namespace, int Partitions, TimeSpan Retention);

/// <summary>Where versions and checkpoints stand.</summary>
/// <param name="Path">The folder of the model store.</param>
/// <param name="Checkpoints">The folder of training checkpoints.</param>
/// <param name="Keep">How many versions are kept, besides the pinned ones.</param>
public sealed record StoreSpec(string Path, string Checkpoints, int Keep);
