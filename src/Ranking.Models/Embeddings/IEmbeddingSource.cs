namespace Ranking.Models;

/// <summary>An embedding table as whoever trains it holds it: keys in any order, rows by place.</summary>
public interface IEmbeddingSource
{
    /// <summary>The table's name, as the graph's <see cref="TableNode"/>s have it.</summary>
    string Name { get; }

    /// <summary>Numbers a row.</summary>
    int Dimension { get; }

    /// <summary>How many rows there are, the missing and unknown row of each feature included.</summary>
    int Count { get; }

    /// <summary>Copies the keys, all distinct.</summary>
    /// <param name="keys">[<see cref="Count"/>]</param>
    void CopyKeys(Span<ulong> keys);

    /// <summary>[<see cref="Dimension"/>] the row of the key at that place; valid until the next call.</summary>
    ReadOnlySpan<float> Row(int place);
}

/// <summary>A table in two arrays.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Dimension">Numbers a row.</param>
/// <param name="Keys">[rows]</param>
/// <param name="Rows">[rows, dimension]</param>
public sealed record EmbeddingTableData(string Name, int Dimension, ulong[] Keys, float[] Rows) : IEmbeddingSource
{
    /// <inheritdoc/>
    public int Count => Keys.Length;

    /// <inheritdoc/>
    public void CopyKeys(Span<ulong> keys) => Keys.CopyTo(keys);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Row(int place) => Rows.AsSpan(place * Dimension, Dimension);
}
