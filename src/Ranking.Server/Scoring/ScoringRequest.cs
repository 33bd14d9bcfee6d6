using System.Collections.Immutable;
using Ranking.Events;

namespace Ranking.Server;

/// <summary>A request that was found valid for the model that answers it.</summary>
internal sealed record ScoringRequest
{
    public required string UserId { get; init; }

    public required IList<string> ItemIds { get; init; }

    public required RequestFeatures Features { get; init; }

    public required ObjectiveProgram Objective { get; init; }

    public required ImmutableDictionary<string, double> Constants { get; init; }

    /// <summary>When it came, Unix milliseconds: the event time of everything that is derived for it.</summary>
    public required long Time { get; init; }
}

/// <summary>What the caller sent, as feature records by scope; empty where nothing was sent.</summary>
/// <param name="User">What overrides the user's stored record.</param>
/// <param name="Context">The request's record.</param>
/// <param name="Items">[candidates] what overrides the stored records, or none at all.</param>
/// <param name="Pairs">[candidates] pair records, or none at all.</param>
internal sealed record RequestFeatures(
    ReadOnlyMemory<byte> User, ReadOnlyMemory<byte> Context, ReadOnlyMemory<byte>[] Items, ReadOnlyMemory<byte>[] Pairs)
{
    public static RequestFeatures None { get; } = new(default, default, [], []);
}

/// <summary>The raw features that a request is scored with and that its served record keeps.</summary>
internal sealed record ServedFeatures(
    long Time, ReadOnlyMemory<byte> User, ReadOnlyMemory<byte> Context, ReadOnlyMemory<byte>[] Items, ReadOnlyMemory<byte>[] Pairs)
{
    /// <summary>How far along the log their statistics and sequences were; null where there are none.</summary>
    public HistoryPositions? History { get; init; }
}
