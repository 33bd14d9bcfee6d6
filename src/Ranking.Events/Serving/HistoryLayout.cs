using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>Which tables and sequences are kept with whom, as a model's declarations give them.</summary>
internal sealed class HistoryLayout
{
    private readonly ImmutableArray<KeyTable>[] byOwner;
    private readonly int[] places;

    public HistoryLayout(FeatureSchema schema, StatisticsPlan plan, ImmutableArray<SequenceSpec> sequences)
    {
        byOwner = [.. Enum.GetValues<TableOwner>().Select(owner => plan.Tables.Where(table => table.Owner == owner).ToImmutableArray())];
        places = [.. plan.Tables.Select(table => TablesOf(table.Owner).IndexOf(table))];
        Sequences = [.. sequences.Select(spec => new StoredSequence(
            spec.FeatureId, schema.Features[schema.SlotOf(spec.FeatureId)].Columns.Length, (long)spec.Expire.TotalMilliseconds))];
    }

    /// <summary>A user's sequences.</summary>
    public ImmutableArray<StoredSequence> Sequences { get; }

    /// <summary>The tables whose keys belong to such owners, in the order of their numbers.</summary>
    public ImmutableArray<KeyTable> TablesOf(TableOwner owner) => byOwner[(int)owner];

    /// <summary>A table's place among those of its owner.</summary>
    public int IndexOf(KeyTable table) => places[table.Number];

    /// <summary>
    /// The name of a model's history: state under other declarations is another history, with a writer of its own, so that
    /// one can be computed beside the other.
    /// </summary>
    public static string NameOf(string model, FeatureSchema schema, ImmutableArray<StatisticSpec> statistics, ImmutableArray<SequenceSpec> sequences)
    {
        var declared = Encoding.UTF8.GetBytes($"{StatisticsFold.DeclarationOf(statistics)}\n\n{SequenceFold.DeclarationOf(schema, sequences)}");
        return $"{model}.{XxHash3.HashToUInt64(declared):x16}";
    }
}

/// <summary>A sequence as it is stored.</summary>
/// <param name="FeatureId">The feature that carries it.</param>
/// <param name="Columns">Cells an entry.</param>
/// <param name="Expire">How long it lives without a new entry, in milliseconds.</param>
internal readonly record struct StoredSequence(int FeatureId, int Columns, long Expire);
