using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.Intrinsics.X86;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>
/// The ids of items that have other rows in a delta than in its base, each with a number for the content of its rows: what was
/// kept of an item that has one of them is not found any more, and what was kept of all others is. Asked for every id of
/// every candidate: open addressing with linear probing, at most half full, outside the managed heap.
/// </summary>
internal sealed unsafe class MovedRows : IDisposable
{
    private const int FewestPlaces = 64;
    private const int Ahead = 16;
    private const ulong Odd = 0x9E3779B97F4A7C15;
    private readonly ImmutableArray<int> columns;
    private readonly NativeFloats memory;
    private readonly ulong mask;

    public MovedRows(ModelArtifact delta)
    {
        var features = delta.Spec.Schema.Features.Where(feature => feature.IsInput && feature.Scope == FeatureScope.Item).ToArray();
        var readers = delta.Graph.Nodes.OfType<TableNode>().ToLookup(node => node.Table, node => node.FeatureId);
        var names = VersionTables.NamesOf(delta.Graph);
        var tables = delta.OwnTables.Where(table => features.Any(feature => readers[table.Name].Contains(feature.Id))).OrderBy(table => names.IndexOf(table.Name)).ToArray();
        columns = [.. features.Index().Where(feature => tables.Any(table => readers[table.Name].Contains(feature.Item.Id))).Select(feature => feature.Index)];
        mask = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(FewestPlaces, 2 * tables.Sum(table => (long)table.OwnCount))) - 1;
        memory = new NativeFloats((long)(mask + 1) * sizeof(Place) / sizeof(float));
        foreach (var table in tables)
        {
            var number = names.IndexOf(table.Name);
            table.VisitOwn((key, row) => Add(key, number, table.BytesOf(row)));
        }
    }

    private Place* Places => (Place*)memory.Numbers;

    /// <summary>Makes keys of items other ones for each content of the rows of their ids that have moved.</summary>
    /// <param name="keys">[rows] by the items' features.</param>
    /// <param name="items">The items' features.</param>
    /// <param name="first">Which candidate the first key is of.</param>
    public void Mix(Span<UInt128> keys, EncodedScope items, int first)
    {
        foreach (var column in columns)
        {
            var ids = items.Columns[column].Keys;
            var offsets = items.Columns[column].Offsets.Slice(first, keys.Length + 1);
            for (var at = offsets[0]; at < Math.Min(offsets[0] + Ahead, offsets[^1]); at++)
            {
                Prefetch(ids[at]);
            }

            for (var row = 0; row < keys.Length; row++)
            {
                for (var at = offsets[row]; at < offsets[row + 1]; at++)
                {
                    if (at + Ahead < offsets[^1])
                    {
                        Prefetch(ids[at + Ahead]);
                    }

                    // 0 where the id has not moved: added, not asked for, since no processor foresees the answer.
                    keys[row] += Spread(PlaceOf(ids[at])->Content);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    private static UInt128 Spread(ulong content) => new(content * Odd, content);

    // Where each task has its own copy of a table, they have the id in common.
    private void Add(ulong key, int number, ReadOnlySpan<byte> row)
    {
        var place = PlaceOf(key);
        *place = new Place { Key = key, Content = ItemKey.ContentOf(key ^ place->Content ^ (ulong)number, row) };
    }

    private void Prefetch(ulong key)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Places + (key & mask));
        }
    }

    // The key's own, or the empty one at which a search for it ends.
    private Place* PlaceOf(ulong key)
    {
        var at = key & mask;
        while (Places[at].Content != 0 && Places[at].Key != key)
        {
            at = (at + 1) & mask;
        }

        return Places + at;
    }

    private struct Place
    {
        public ulong Key;

        /// <summary>0 is an empty place.</summary>
        public ulong Content;
    }
}
