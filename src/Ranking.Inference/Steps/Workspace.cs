using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>One session's scratch memory. Buffers grow to the largest request and are used again.</summary>
/// <param name="buffers">How many.</param>
/// <param name="width">The widest vectors to use.</param>
/// <param name="itemBuffer">The buffer of what the item half gives, or −1: then what depends on the item alone is computed for every candidate.</param>
/// <param name="itemWidth">Numbers of an item.</param>
internal sealed class Workspace(int buffers, VectorWidth width, int itemBuffer, int itemWidth)
{
    private readonly float[][] values = [.. Enumerable.Repeat(Array.Empty<float>(), buffers)];
    private bool[] unknown = [];
    private readonly int[] itemRows = new int[ScoringSession.BlockRows];
    private EncodedBatch? batch;
    private int items;

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

    /// <summary>Values that depend on the item alone are computed for these rows of the block.</summary>
    public void TakeItems(ReadOnlySpan<int> rows)
    {
        rows.CopyTo(itemRows);
        items = rows.Length;
    }

    /// <summary>The encoded values of a feature.</summary>
    public EncodedColumn Column(FeatureScope scope, int column) => batch![scope].Columns[column];

    /// <summary>Rows of the value that are worked on.</summary>
    public int RowsOf(ValueSlot slot) => IsShared(slot) ? 1 : IsOfItems(slot) ? items : BlockRows;

    /// <summary>Where one of them stands among all rows of the batch.</summary>
    public int RowOf(ValueSlot slot, int row) => IsShared(slot) ? row : FirstRow + (IsOfItems(slot) ? itemRows[row] : row);

    /// <summary>Numbers from one row's value to the next; 0 where one row stands for all.</summary>
    public int StrideOf(ValueSlot slot) => IsShared(slot) ? 0 : slot.Buffer == itemBuffer ? itemWidth : slot.Width;

    /// <summary>[rows, width] to read, its rows <see cref="StrideOf"/> apart.</summary>
    public ReadOnlySpan<float> Read(ValueSlot slot) =>
        RowsOf(slot) == 0 ? [] : values[slot.Buffer].AsSpan(slot.Offset, ((RowsOf(slot) - 1) * StrideOf(slot)) + slot.Width);

    /// <summary>[length] of a buffer.</summary>
    public ReadOnlySpan<float> Read(int buffer, int length) => values[buffer].AsSpan(0, length);

    /// <summary>[width] one row's value.</summary>
    public ReadOnlySpan<float> Read(ValueSlot slot, int row) => values[slot.Buffer].AsSpan((row * StrideOf(slot)) + slot.Offset, slot.Width);

    /// <summary>[numbers of an item] what the item half gives one row of the block.</summary>
    public Span<float> Item(int row) => Write(itemBuffer, ScoringSession.BlockRows * itemWidth).Slice(row * itemWidth, itemWidth);

    /// <summary>[rows, width] to write.</summary>
    public Span<float> Write(ValueSlot slot) => Write(slot.Buffer, RowsOf(slot) * slot.Width);

    /// <summary>[length] of a buffer, to write.</summary>
    public Span<float> Write(int buffer, int length)
    {
        if (values[buffer].Length < length)
        {
            values[buffer] = new float[length];
        }

        return values[buffer].AsSpan(0, length);
    }

    private bool IsOfItems(ValueSlot slot) => itemBuffer >= 0 && slot.Scopes == ScopeSet.Item;

    private bool IsShared(ValueSlot slot) => IsRequest && slot.IsPerRequest;
}
