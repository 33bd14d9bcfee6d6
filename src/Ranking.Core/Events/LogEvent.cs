using System.IO.Hashing;
using System.Text;

namespace Ranking.Core;

/// <summary>A record of the log, by kind.</summary>
/// <param name="EventTime">When it happened, Unix milliseconds.</param>
/// <param name="UserId">Whom it concerns; empty for heartbeats and ends.</param>
public abstract record LogEvent(long EventTime, string UserId)
{
    private const long RequestSeed = 1;

    /// <summary>The impression that request and item name: XXH3-128 of both, each with its length.</summary>
    public static UInt128 ImpressionKey(string requestId, string itemId)
    {
        var length = Encoding.UTF8.GetByteCount(requestId);
        var total = 4 + length + Encoding.UTF8.GetByteCount(itemId);
        Span<byte> bytes = total <= 256 ? stackalloc byte[256] : new byte[total];
        BitConverter.TryWriteBytes(bytes, length);
        Encoding.UTF8.GetBytes(requestId, bytes[4..]);
        Encoding.UTF8.GetBytes(itemId, bytes[(4 + length)..]);
        return XxHash128.HashToUInt128(bytes[..total]);
    }

    /// <summary>The request's own key, apart from those of its impressions: XXH3-128 with a seed.</summary>
    public static UInt128 RequestKey(string requestId) =>
        XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(requestId), RequestSeed);

    /// <summary>The 64-bit key of a user's or an item's id: XXH3 of its UTF-8.</summary>
    public static ulong EntityKey(string id) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(id));
}

/// <summary>What the server answered to one request.</summary>
public sealed record ServedEvent(long EventTime, string UserId) : LogEvent(EventTime, UserId)
{
    /// <summary>The request.</summary>
    public required string RequestId { get; init; }

    /// <summary>The model that answered.</summary>
    public string Model { get; init; } = "";

    /// <summary>Its version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The request's experiment tag.</summary>
    public string Experiment { get; init; } = "";

    /// <summary>How the order was chosen.</summary>
    public string PolicyId { get; init; } = "";

    /// <summary>The user's feature record as served.</summary>
    public ReadOnlyMemory<byte> UserFeatures { get; init; }

    /// <summary>The request's feature record.</summary>
    public ReadOnlyMemory<byte> ContextFeatures { get; init; }

    /// <summary>Items returned, best first, then the sampled rest.</summary>
    public required IReadOnlyList<ServedItem> Items { get; init; }

    /// <summary>How many of <see cref="Items"/> were returned; the others are the sampled rest.</summary>
    public required int Returned { get; init; }

    /// <summary>The share of not returned items that stand in the record.</summary>
    public float RestSamplingRate { get; init; }

    /// <summary>How far along the log the user's statistics and sequences were; null where none were read.</summary>
    public HistoryPosition? UserHistory { get; init; }

    /// <summary>How far those were that belong to no one user or item; null where none were read.</summary>
    public HistoryPosition? AttributeHistory { get; init; }
}

/// <summary>One item of a served record.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Score">The final score.</param>
/// <param name="Propensity">The probability with which the policy put it there.</param>
/// <param name="Features">The item's feature record.</param>
/// <param name="PairFeatures">The pair's feature record.</param>
public readonly record struct ServedItem(
    string ItemId, float Score, float Propensity, ReadOnlyMemory<byte> Features, ReadOnlyMemory<byte> PairFeatures)
{
    /// <summary>How far along the log the item's statistics were; null where none were read.</summary>
    public HistoryPosition? History { get; init; }
}

/// <summary>One item was shown to one user at one position.</summary>
public sealed record ImpressionEvent(long EventTime, string UserId) : LogEvent(EventTime, UserId)
{
    /// <summary>The request that it was shown for.</summary>
    public required string RequestId { get; init; }

    /// <summary>The item.</summary>
    public required string ItemId { get; init; }

    /// <summary>The position, from 0; null where nobody said.</summary>
    public int? Position { get; init; }

    /// <summary>The weight in training.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>The probability with which sampling kept it.</summary>
    public float SamplingRate { get; init; } = 1;

    /// <summary>Features that it carries itself; null where they come from the served record.</summary>
    public FeatureRecords? Features { get; init; }

    /// <summary>The tag of a data file.</summary>
    public string Split { get; init; } = "";
}

/// <summary>Something that followed an impression.</summary>
public sealed record OutcomeEvent(long EventTime, string UserId) : LogEvent(EventTime, UserId)
{
    /// <summary>The request that the impression belongs to.</summary>
    public required string RequestId { get; init; }

    /// <summary>The item.</summary>
    public required string ItemId { get; init; }

    /// <summary>The outcome's name, as tasks refer to it.</summary>
    public required string Name { get; init; }

    /// <summary>A number that it carries; NaN for none.</summary>
    public double Value { get; init; } = double.NaN;
}

/// <summary>Moves time on in a partition without records.</summary>
public sealed record HeartbeatEvent(long EventTime) : LogEvent(EventTime, "");

/// <summary>The last record of a partition of a finite log.</summary>
public sealed record EndEvent(long EventTime) : LogEvent(EventTime, "")
{
    /// <summary>What a bounded read takes for the end of a log that goes on.</summary>
    public static EndEvent OfReading { get; } = new(long.MinValue);
}
