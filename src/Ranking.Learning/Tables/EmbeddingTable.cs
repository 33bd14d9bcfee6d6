using System.Collections.Immutable;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>
/// A collisionless embedding table. An id gets a row of its own at its n-th sighting; all sightings up to and with that
/// one read and train the feature's unknown row, so that the unknown row learns what an id without a row means, also at
/// n = 1. Rows not seen for longer than the declared time are given up in a sweep that moves on at every batch border.
/// </summary>
internal sealed unsafe class EmbeddingTable : IDisposable
{
    /// <summary>A sweep passes over the table in this many batches.</summary>
    private const int SweepSteps = 512;

    private readonly EmbeddingTableSpec spec;
    private readonly TrainingSpec training;
    private readonly ImmutableArray<ulong> reservedKeys;
    private InitialRows initial;

    public EmbeddingTable(string name, EmbeddingTableSpec spec, ImmutableArray<ulong> reservedKeys, TrainingSpec training)
    {
        (Name, this.spec, this.reservedKeys, this.training) = (name, spec, reservedKeys, training);
        Rows = new RowTable(spec.Dimension, counts: spec.FrequencyDecay > 0);
        Sightings = new RowTable(0);
        Begin();
    }

    /// <summary>The name, with the task where each task has its own copy.</summary>
    public string Name { get; }

    /// <summary>What is declared of it.</summary>
    public EmbeddingTableSpec Spec => spec;

    /// <summary>How often it began anew; each time with other initial rows.</summary>
    public int Resets { get; private set; }

    /// <summary>How many of its rows, the first, stand for missing and unknown values.</summary>
    public int Reserved => reservedKeys.Length;

    /// <summary>Rows, the reserved ones first.</summary>
    public RowTable Rows { get; }

    /// <summary>How often ids without a row were seen.</summary>
    public RowTable Sightings { get; }

    /// <summary>Where the sweep goes on: in the rows, and in the sightings.</summary>
    public (int Rows, int Sightings) Cursor { get; set; }

    /// <summary>Begins anew for the given time: forgets all rows and sightings.</summary>
    public void Reset(int resets)
    {
        (Resets, Cursor) = (resets, default);
        Rows.Clear();
        Sightings.Clear();
        Begin();
    }

    /// <summary>Becomes what another table of the same declaration is.</summary>
    public void TakeOver(EmbeddingTable other)
    {
        Reset(other.Resets);
        Cursor = other.Cursor;
        Rows.TakeOver(other.Rows);
        Sightings.TakeOver(other.Sightings);
    }

    /// <summary>Counts a sighting of an id that has no row; true when that gave it one.</summary>
    public bool Sight(ulong key, uint now)
    {
        if (spec.AdmitAfter > 1)
        {
            var row = Sightings.Find(key);
            row = row < 0 ? Sightings.Add(key, now) : row;
            var head = Sightings.Head(row);
            head->LastSeen = now;
            if (++head->Sum < spec.AdmitAfter)
            {
                return false;
            }

            Sightings.Remove(row);
        }

        Create(key, now);
        return true;
    }

    /// <summary>Gives up what has not been seen for too long, in the next part of the table; says how many rows.</summary>
    public int Sweep(uint now)
    {
        if (spec.ExpireAfter is not { } after)
        {
            return 0;
        }

        var oldest = now - Math.Min(now, (uint)Math.Min(after.TotalSeconds, uint.MaxValue));
        var before = Rows.Count;
        Cursor = (Sweep(Rows, reservedKeys.Length, Cursor.Rows, oldest), Sweep(Sightings, 0, Cursor.Sightings, oldest));
        return before - Rows.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Rows.Dispose();
        Sightings.Dispose();
    }

    private static int Sweep(RowTable table, int first, int cursor, uint oldest)
    {
        for (var left = Math.Max(64, table.Used / SweepSteps); left > 0 && table.Used > first; left--)
        {
            cursor = cursor < first || cursor >= table.Used ? first : cursor;
            if (table.Head(cursor)->LastSeen < oldest)
            {
                table.Remove(cursor);
            }

            cursor++;
        }

        return cursor;
    }

    private void Begin()
    {
        initial = new InitialRows(training.Seed ^ ((ulong)Resets << 32), Name);
        foreach (var key in reservedKeys)
        {
            Create(key, 0);
        }
    }

    private void Create(ulong key, uint now) => initial.Normal(key, training.EmbeddingInit, Rows.Values(Rows.Add(key, now)));
}
