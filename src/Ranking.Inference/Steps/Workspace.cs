using Ranking.Core;

namespace Ranking.Inference;

/// <summary>One session's scratch memory. Buffers grow to the largest request and are used again.</summary>
internal sealed class Workspace(int buffers, VectorWidth width)
{
    private readonly float[][] values = [.. Enumerable.Repeat(Array.Empty<float>(), buffers)];
    private bool[] unknown = [];
    private EncodedBatch? batch;
    private int requestRows;

    /// <summary>Candidates of a request, or examples.</summary>
    public int Rows { get; private set; }

    /// <summary>The vectors to use.</summary>
    public VectorWidth Width => width;

    /// <summary>[rows] where the item's id has no row of its own.</summary>
    public Span<bool> Unknown => unknown.AsSpan(0, Rows);

    /// <exception cref="ArgumentException">The batch is neither a request nor a list of examples.</exception>
    public void Begin(EncodedBatch encoded)
    {
        (batch, Rows, requestRows) = (encoded, encoded[FeatureScope.Item].Rows, encoded[FeatureScope.User].Rows);
        if (requestRows != 1 && requestRows != Rows)
        {
            throw new ArgumentException($"{requestRows} users for {Rows} candidates: encode one request, or examples.", nameof(encoded));
        }

        if (unknown.Length < Rows)
        {
            unknown = new bool[Rows];
        }

        Unknown.Clear();
    }

    /// <summary>The encoded values of a feature.</summary>
    public EncodedColumn Column(FeatureScope scope, int column) => batch![scope].Columns[column];

    /// <summary>Rows of the value.</summary>
    public int RowsOf(ValueSlot slot) => slot.IsPerRequest ? requestRows : Rows;

    /// <summary>Numbers from one row's value to the next; 0 where one row stands for all.</summary>
    public int StrideOf(ValueSlot slot) => slot.IsPerRequest && requestRows == 1 ? 0 : slot.Width;

    /// <summary>[rows, width] to read.</summary>
    public ReadOnlySpan<float> Read(ValueSlot slot) => values[slot.Buffer].AsSpan(0, RowsOf(slot) * slot.Width);

    /// <summary>[width] one row's value.</summary>
    public ReadOnlySpan<float> Read(ValueSlot slot, int row) => values[slot.Buffer].AsSpan(row * StrideOf(slot), slot.Width);

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
}
