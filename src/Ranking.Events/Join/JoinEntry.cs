using Ranking.Core;

namespace Ranking.Events;

/// <summary>What the join keeps about one impression or one request.</summary>
internal abstract class JoinEntry
{
    public required UInt128 Key { get; init; }

    /// <summary>When the entry has to be looked at next.</summary>
    public required JoinDue Due { get; set; }

    /// <summary>Whether a timer of that time is set.</summary>
    public bool IsTimed { get; set; }

    /// <summary>False once the entry is spilled or removed: what still refers to it then is out of date.</summary>
    public bool IsResident { get; set; }

    /// <summary>How much of the memory budget it takes: one for each impression or served item.</summary>
    public abstract int Cost { get; }

    public abstract void Write(EntryWriter writer);
}

/// <summary>An outcome that waits for its impression.</summary>
internal readonly record struct PendingOutcome(int Name, long Time, long OrderTime, LogPosition Position, double Value);

/// <summary>An impression, or the outcomes that came before it, or what is remembered of it after its windows.</summary>
internal sealed class ImpressionEntry : JoinEntry
{
    /// <summary>Whether the impression itself has come.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether its features are complete.</summary>
    public bool IsComplete { get; set; }

    public bool IsReconstructed { get; set; }

    public LogPosition Position { get; set; }

    public long Time { get; set; }

    /// <summary>The order time at which its features were complete.</summary>
    public long Place { get; set; }

    /// <summary>At which position the item was shown; null where nobody said.</summary>
    public int? Shown { get; set; }

    public ulong User { get; set; }

    public ulong Item { get; set; }

    /// <summary>Named until the features are complete, to look them up.</summary>
    public string UserId { get; set; } = "";

    /// <inheritdoc cref="UserId"/>
    public string ItemId { get; set; } = "";

    public FeatureRecords Features { get; set; }

    public float Weight { get; set; }

    public float SamplingRate { get; set; }

    public string Split { get; set; } = "";

    /// <summary>Bit n: an outcome with name n has been seen.</summary>
    public uint Seen { get; set; }

    public uint Labels { get; set; }

    public uint Emitted { get; set; }

    public float[] Predicted { get; set; } = [];

    /// <summary>Outcomes that came before the impression; null when there are none.</summary>
    public List<PendingOutcome>? Waiting { get; set; }

    /// <summary>Joined outcomes that came before its features were complete; null when there are none.</summary>
    public List<PendingOutcome>? Uncounted { get; set; }

    public override int Cost => 1;

    public override void Write(EntryWriter writer) => ImpressionEntryCodec.Write(writer, this);
}

/// <summary>A served record, or the impressions that wait for it.</summary>
internal sealed class ServedEntry : JoinEntry
{
    /// <summary>Whether the record itself has come.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether an impression took features from it.</summary>
    public bool IsUsed { get; set; }

    public LogPosition Position { get; set; }

    public ReadOnlyMemory<byte> User { get; set; }

    public ReadOnlyMemory<byte> Context { get; set; }

    public IReadOnlyList<ServedItem> Items { get; set; } = [];

    /// <summary>The keys of impressions that wait for the record, in the order of their arrival.</summary>
    public List<UInt128> Waiting { get; set; } = [];

    public override int Cost => Math.Max(1, Items.Count);

    public override void Write(EntryWriter writer) => ServedEntryCodec.Write(writer, this);
}
