using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// The declared sequences, as a pure fold over the event order. An event becomes visible at its place or, where that is
/// later, the lag after its impression's; what an impression reads are the events visible strictly before its place. Not
/// thread-safe.
/// </summary>
public sealed class SequenceFold
{
    private readonly ImmutableArray<Sequence> sequences;
    private readonly VisibilityQueue<Pending> pending = new((to, next) => next.Write(to), Pending.Read);
    private readonly FeatureRecordWriter writer;
    private readonly SequenceCells cells = new();

    /// <param name="schema">The features, those of the sequences among them.</param>
    /// <param name="specs">The sequences.</param>
    public SequenceFold(FeatureSchema schema, ImmutableArray<SequenceSpec> specs)
    {
        writer = new FeatureRecordWriter(schema.Fingerprint);
        var columns = specs.Select(spec => schema.Features[schema.SlotOf(spec.FeatureId)].Columns).ToList();
        sequences = [.. specs.Zip(columns, (spec, of) => new Sequence(
            spec, of.Length, new EntryCells(schema, of), new SequenceTable(spec.Last, (long)spec.Expire.TotalMilliseconds), (long)spec.Lag.TotalMilliseconds))];
        Declaration = DeclarationOf(schema, specs);
    }

    /// <summary>What is kept, as text: state under one declaration means nothing under another.</summary>
    public string Declaration { get; }

    /// <summary>The declaration of sequences.</summary>
    public static string DeclarationOf(FeatureSchema schema, ImmutableArray<SequenceSpec> specs) =>
        string.Join('\n', specs.Select(spec => string.Create(CultureInfo.InvariantCulture,
            $"{spec.FeatureId} {spec.Event} {spec.Last} {spec.Lag} {spec.Expire} {string.Join(',', spec.Outcomes)} {string.Join(',', schema.Features[schema.SlotOf(spec.FeatureId)].Columns.Select(column => $"{column.Kind} {column.FeatureId}"))}")));

    /// <summary>The fold of a model's sequences; null where it declares none.</summary>
    public static SequenceFold? Of(FeatureSchema schema, ImmutableArray<SequenceSpec> specs) =>
        specs.IsEmpty ? null : new SequenceFold(schema, specs);

    /// <summary>The outcomes that sequences have to be told.</summary>
    public IEnumerable<string> Outcomes => sequences
        .SelectMany(sequence => sequence.Cells.HasOutcome ? sequence.Spec.Outcomes.Add(sequence.Spec.Event) : [sequence.Spec.Event])
        .Where(name => name != StatisticSpec.Impression).Distinct();

    /// <summary>Makes visible what becomes so before an order time.</summary>
    public void AdvanceTo(long orderTime)
    {
        while (pending.TryTake(orderTime, out var next, out var time))
        {
            var table = sequences[next.Sequence].Table;
            if (next.IsEntry)
            {
                table.Add(next.User, next.Entry, time);
            }
            else
            {
                table.Mark(next.User, next.Entry.Impression, next.Entry.Outcomes, time);
            }
        }
    }

    /// <summary>A user's record with the sequences of this moment in it, as of an impression's time; a sequence without entries is not.</summary>
    /// <param name="record">The record without them.</param>
    /// <param name="user">XXH3-64 of the user's id.</param>
    /// <param name="eventTime">The time, Unix milliseconds.</param>
    public ReadOnlyMemory<byte> Complete(ReadOnlyMemory<byte> record, ulong user, long eventTime)
    {
        writer.GoOn(record.Span);
        foreach (var sequence in sequences)
        {
            if (sequence.Table.Read(user, eventTime) is { } entries)
            {
                writer.WriteSequence(sequence.Spec.FeatureId, entries.Count, sequence.Columns, CellsOf(sequence, entries));
            }
        }

        return writer.ToArray();
    }

    /// <summary>Hears of every user whose sequences change.</summary>
    internal HistoryChanges Changes
    {
        set
        {
            foreach (var sequence in sequences)
            {
                sequence.Table.Changes = value;
            }
        }
    }

    /// <summary>Tells the listener of all users whose sequences changed at a time or later.</summary>
    internal void NoteSince(long time)
    {
        foreach (var sequence in sequences)
        {
            sequence.Table.NoteSince(time);
        }
    }

    /// <summary>A user's sequences as they stand; those without entries have none.</summary>
    internal void Store(ulong user, EntityHistoryWriter to)
    {
        foreach (var sequence in sequences)
        {
            if (sequence.Table.Find(user) is (var added, var entries))
            {
                to.AddSequence(added, entries.Count, CellsOf(sequence, entries));
            }
            else
            {
                to.AddSequence(0, 0, []);
            }
        }
    }

    /// <summary>Takes an impression in at its place.</summary>
    public void TakeImpression(UInt128 impression, ulong user, in FeatureRecords features, long eventTime, long place) =>
        Take(StatisticSpec.Impression, impression, user, features, eventTime, place, place);

    /// <summary>Takes an outcome in, at its own place.</summary>
    /// <param name="name">The outcome.</param>
    /// <param name="impression">Its impression.</param>
    /// <param name="user">XXH3-64 of the user's id.</param>
    /// <param name="features">The impression's features.</param>
    /// <param name="eventTime">The impression's event time.</param>
    /// <param name="place">The impression's place.</param>
    /// <param name="orderTime">The outcome's own place.</param>
    public void TakeOutcome(
        string name, UInt128 impression, ulong user, in FeatureRecords features, long eventTime, long place, long orderTime) =>
        Take(name, impression, user, features, eventTime, place, orderTime);

    /// <summary>Users held, of all sequences.</summary>
    internal int Users => sequences.Sum(sequence => sequence.Table.Count);

    /// <summary>Writes the state, in a form that depends on the log alone.</summary>
    internal void Write(EntryWriter to)
    {
        to.Write(Declaration);
        pending.Write(to);
        foreach (var sequence in sequences)
        {
            sequence.Table.Write(to);
        }
    }

    /// <summary>Goes on from what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It was written under other declarations.</exception>
    internal void Read(EntryReader from)
    {
        if (from.ReadString() != Declaration)
        {
            throw new InvalidDataException("the sequences of the checkpoint were declared otherwise: start without the checkpoint, or declare them as they were.");
        }

        pending.Read(from);
        foreach (var sequence in sequences)
        {
            sequence.Table.Read(from);
        }
    }

    private void Take(
        string name, UInt128 impression, ulong user, in FeatureRecords features, long eventTime, long place, long orderTime)
    {
        for (var i = 0; i < sequences.Length; i++)
        {
            var (spec, cellsOf) = (sequences[i].Spec, sequences[i].Cells);
            var bit = spec.Outcomes.IndexOf(name);
            var isEntry = spec.Event == name;
            if (isEntry || (bit >= 0 && cellsOf.HasOutcome))
            {
                var (before, after) = isEntry ? cellsOf.Read(features, eventTime) : ([], []);
                var entry = new SequenceEntry((ulong)impression, before, after, bit < 0 ? 0 : 1u << bit);
                pending.Add(new Pending(i, isEntry, user, entry), Math.Max(orderTime, place + sequences[i].Lag));
            }
        }
    }

    // The newest entry first.
    private ReadOnlySpan<byte> CellsOf(Sequence sequence, UserEntries entries)
    {
        cells.Clear();
        for (var n = 0; n < entries.Count; n++)
        {
            sequence.Cells.Append(cells, entries[n]);
        }

        return cells.Written;
    }

    private sealed record Sequence(SequenceSpec Spec, int Columns, EntryCells Cells, SequenceTable Table, long Lag);

    /// <summary>An entry, or outcomes of one, not visible yet.</summary>
    private readonly record struct Pending(int Sequence, bool IsEntry, ulong User, SequenceEntry Entry)
    {
        public void Write(EntryWriter to)
        {
            to.Write(Sequence);
            to.Write(IsEntry);
            to.Write(User);
            Entry.Write(to);
        }

        public static Pending Read(EntryReader from) => new(from.ReadInt32(), from.ReadBoolean(), from.ReadUInt64(), SequenceEntry.Read(from));
    }
}
