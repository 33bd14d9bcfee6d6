using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>One session's scratch memory. Buffers grow to the largest request and are used again.</summary>
/// <param name="tables">The embeddings.</param>
/// <param name="memory">[buffers] which memory each stands in.</param>
/// <param name="width">The widest vectors to use.</param>
/// <param name="itemBuffer">The buffer of what the item half gives, or −1: then what depends on the item alone is computed for every candidate.</param>
internal sealed unsafe class Workspace(VersionTables tables, ImmutableArray<int> memory, VectorWidth width, int itemBuffer) : IDisposable
{
    private readonly NativeFloats[] values = [.. memory.Select(_ => new NativeFloats(0))];
    private bool[] unknown = [];
    private int[] tableRows = [];
    private readonly int[] itemRows = new int[ScoringSession.BlockRows];
    private EncodedBatch? batch;
    private int items;

    /// <summary>The embeddings: of a version, or of a delta over it.</summary>
    public VersionTables Tables { get; set; } = tables;

    /// <summary>Candidates of a request, or examples.</summary>
    public int Rows { get; private set; }

    /// <summary>The vectors to use.</summary>
    public VectorWidth Width => width;

    /// <summary>[rows] where the item's id has no row of its own.</summary>
    public Span<bool> Unknown => unknown.AsSpan(0, Rows);

    /// <summary>Whether there is one user for all candidates, not one for each example.</summary>
    public bool IsRequest { get; private set; }

    /// <exception cref="ArgumentException">The batch is neither a request nor a list of examples.</exception>
    public void Begin(EncodedBatch encoded)
    {
        (batch, Rows, var users) = (encoded, encoded[FeatureScope.Item].Rows, encoded[FeatureScope.User].Rows);
        IsRequest = users == 1;
        if (!IsRequest && users != Rows)
        {
            throw new ArgumentException($"{users} users for {Rows} candidates: encode one request, or examples.", nameof(encoded));
        }

        if (unknown.Length < Rows)
        {
            unknown = new bool[Rows];
        }

        Unknown.Clear();
    }

    /// <summary>The first row that is worked on.</summary>
    public int FirstRow { get; private set; }

    /// <summary>How many are.</summary>
    public int BlockRows { get; private set; }

    /// <summary>From here on steps work on these rows alone, so that what one writes is in the caches when the next reads it.</summary>
    public void Take(int first, int count) => (FirstRow, BlockRows) = (first, count);

    /// <summary>Where the item half of each candidate stands that the item pass has taken, from <see cref="FirstItem"/> on.</summary>
    /// <remarks>Pinned: rows are found by its address.</remarks>
    public nint[] Items { get; } = GC.AllocateArray<nint>(ItemPass.Rows, pinned: true);

    /// <summary>The candidate whose item the first of <see cref="Items"/> is.</summary>
    public int FirstItem { get; set; }

    /// <summary>Values that depend on the item alone are computed for these rows after the first.</summary>
    public void TakeItems(int first, ReadOnlySpan<int> rows)
    {
        FirstRow = first;
        rows.CopyTo(itemRows);
        items = rows.Length;
    }

    /// <summary>[count] to note rows of an embedding table.</summary>
    public Span<int> TableRows(int count)
    {
        if (tableRows.Length < count)
        {
            tableRows = new int[count];
        }

        return tableRows.AsSpan(0, count);
    }

    /// <summary>The encoded values of a feature.</summary>
    public EncodedColumn Column(FeatureScope scope, int column) => batch![scope].Columns[column];

    /// <summary>Rows of the value that are worked on.</summary>
    public int RowsOf(ValueSlot slot) => IsShared(slot) ? 1 : IsOfItems(slot) ? items : BlockRows;

    /// <summary>Where one of them stands among all rows of the batch.</summary>
    public int RowOf(ValueSlot slot, int row) => IsShared(slot) ? row : FirstRow + (IsOfItems(slot) ? itemRows[row] : row);

    /// <summary>Numbers from one row's value to the next; 0 where one row stands for all. The items' own are not in one piece.</summary>
    public int StrideOf(ValueSlot slot) => IsShared(slot) ? 0 : slot.Width;

    /// <summary>[rows, width] to read, its rows <see cref="StrideOf"/> apart.</summary>
    public ReadOnlySpan<float> Read(ValueSlot slot) =>
        RowsOf(slot) == 0 ? [] : Read(slot.Buffer, ((RowsOf(slot) - 1) * StrideOf(slot)) + slot.Width);

    /// <summary>[length] of a buffer.</summary>
    public ReadOnlySpan<float> Read(int buffer, int length) => new(values[memory[buffer]].Numbers, length);

    /// <summary>[width] one row's value.</summary>
    public ReadOnlySpan<float> Read(ValueSlot slot, int row) => new(At(slot, row), slot.Width);

    /// <summary>Where one row's value begins.</summary>
    public float* At(ValueSlot slot, int row) => RowsAt(slot)[row];

    /// <summary>Where all rows' values begin, until the next block, or until its buffer is written to again.</summary>
    public SlotRows RowsAt(ValueSlot slot) => slot.Buffer == itemBuffer
        ? new SlotRows(null, 0, (nint*)Unsafe.AsPointer(ref Items[FirstRow - FirstItem]), slot.Offset)
        : new SlotRows(values[memory[slot.Buffer]].Numbers, StrideOf(slot), null, 0);

    /// <summary>Copies a value of each row that is worked on.</summary>
    public void CopyBlock(ValueSlot slot, Span<float> target)
    {
        var rows = RowsAt(slot);
        for (var row = 0; row < BlockRows; row++)
        {
            new ReadOnlySpan<float>(rows[row], slot.Width).CopyTo(target[(row * slot.Width)..]);
        }
    }

    /// <summary>[rows, width] to write.</summary>
    public Span<float> Write(ValueSlot slot) => Write(slot.Buffer, RowsOf(slot) * slot.Width);

    /// <summary>[length] of a buffer, to write.</summary>
    public Span<float> Write(int buffer, int length)
    {
        ref var numbers = ref values[memory[buffer]];
        if (numbers.Length < length)
        {
            numbers.Dispose();
            numbers = new NativeFloats(length);
        }

        return new Span<float>(numbers.Numbers, length);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(values, buffer => buffer.Dispose());

    private bool IsOfItems(ValueSlot slot) => itemBuffer >= 0 && slot.Scopes == ScopeSet.Item;

    private bool IsShared(ValueSlot slot) => IsRequest && slot.IsPerRequest;
}
