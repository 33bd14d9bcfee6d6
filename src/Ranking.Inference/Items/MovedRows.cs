using System.Collections.Immutable;
using System.Numerics;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>
/// The ids of items that have other rows in a delta than in its base: what was kept of an item that has one of them is not
/// found any more, and what was kept of all others is. Asked for every id of every candidate: 16 bits an id, by the lowest
/// bits of its key, say of most that they have not moved.
/// </summary>
internal sealed unsafe class MovedRows : IDisposable
{
    private const int BitsPerRow = 16;
    private readonly ImmutableArray<ImmutableArray<MappedEmbeddingTable>> tables;
    private readonly NativeFloats bits;
    private readonly ulong mask;

    public MovedRows(ModelArtifact delta)
    {
        var own = delta.OwnTables.ToDictionary(table => table.Name);
        tables =
        [
            .. delta.Spec.Schema.Features.Where(feature => feature.IsInput && feature.Scope == FeatureScope.Item)
                .Select(feature => delta.Graph.Nodes.OfType<TableNode>().Where(node => node.FeatureId == feature.Id && own.ContainsKey(node.Table))
                    .Select(node => own[node.Table]).Distinct().ToImmutableArray()),
        ];
        var read = tables.SelectMany(some => some).Distinct().ToArray();
        var length = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(64, BitsPerRow * read.Sum(table => (long)table.OwnCount)));
        mask = length - 1;
        bits = new NativeFloats((long)(length / 32));
        foreach (var key in read.SelectMany(table => table.OwnKeys()))
        {
            Words[(key & mask) / 32] |= 1u << (int)(key % 32);
        }
    }

    private uint* Words => (uint*)bits.Numbers;

    /// <summary>An item's key, another one for each content of the rows of its ids that have moved.</summary>
    /// <param name="key">By its features.</param>
    /// <param name="items">The items' features.</param>
    /// <param name="row">Which candidate.</param>
    public UInt128 Mix(UInt128 key, EncodedScope items, int row)
    {
        for (var column = 0; column < tables.Length; column++)
        {
            if (tables[column].IsEmpty)
            {
                continue;
            }

            var encoded = items.Columns[column];
            foreach (var id in encoded.Keys[encoded.Offsets[row]..encoded.Offsets[row + 1]])
            {
                if ((Words[(id & mask) / 32] >> (int)(id % 32) & 1) != 0)
                {
                    key = Mix(key, tables[column], id);
                }
            }
        }

        return key;
    }

    /// <inheritdoc/>
    public void Dispose() => bits.Dispose();

    private static UInt128 Mix(UInt128 key, ImmutableArray<MappedEmbeddingTable> tables, ulong id)
    {
        for (var number = 0; number < tables.Length; number++)
        {
            var row = tables[number].FindOwn(id);
            key = row < 0 ? key : ItemKey.Of(key, number, tables[number].BytesOf(row));
        }

        return key;
    }
}
