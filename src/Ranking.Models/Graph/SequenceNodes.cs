using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ranking.Models;

/// <summary>The embeddings of one column of a sequence: of each row [entries, width]. Only attention reads it.</summary>
/// <param name="FeatureId">The feature whose missing and unknown row it reads: the column's, or the sequence itself.</param>
/// <param name="Table">The embedding table of the column.</param>
/// <param name="Sequence">The sequence.</param>
/// <param name="Column">The index of the column in it.</param>
public sealed record SequenceNode(int FeatureId, string Table, int Sequence, int Column) : TableNode(FeatureId, Table);

/// <summary>
/// The entries of a sequence, summed with weights that a small network gives each of them, looking at the candidate: no
/// softmax, so that the sum also says how much there is (Zhou et al., DIN, KDD 2018, eq. 3 and fig. 2). Without entries, 0.
/// </summary>
/// <remarks>
/// With k the part of an entry that stands beside the query q, and e all of the entry, an entry's weight is
/// relu([e, q, k − q, k ∘ q] · W + b) · w + c, of 36 hidden units.
/// </remarks>
/// <param name="Entries">The sequence's columns: first those with a counterpart in the query, in its order.</param>
/// <param name="Query">The candidate's values of those columns' features, of the same widths.</param>
/// <param name="Hidden">The name of W, [e + 3 · q, 36], <c>HIDDEN.weight</c>, and of b, <c>HIDDEN.bias</c>.</param>
/// <param name="Weigh">The name of w, [36, 1], <c>WEIGH.weight</c>, and of c, <c>WEIGH.bias</c>.</param>
public sealed record TargetAttentionNode(ImmutableArray<int> Entries, ImmutableArray<int> Query, string Hidden, string Weigh) : GraphNode
{
    /// <summary>Hidden units of the network that weighs an entry.</summary>
    public const int Units = 36;

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [.. Entries, .. Query];
}
