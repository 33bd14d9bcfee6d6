using System.Collections.Immutable;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>Where a step finds a feature's embeddings: a table's number, and the row for ids that have none.</summary>
/// <param name="Number">Its place in <see cref="VersionTables.All"/>.</param>
/// <param name="UnknownRow">The row's number, the same in a version and in the deltas over it.</param>
internal readonly record struct TableSlot(int Number, int UnknownRow);

/// <summary>What a delta differs in from its base, and from other deltas over it: the tables, by the numbers that the steps know.</summary>
internal sealed class VersionTables : IDisposable
{
    public VersionTables(ModelArtifact artifact)
    {
        All = [.. NamesOf(artifact.Graph).Select(artifact.Table)];
        Moved = artifact.Base is null ? null : new MovedRows(artifact);
    }

    /// <summary>The tables.</summary>
    public ImmutableArray<MappedEmbeddingTable> All { get; }

    /// <summary>The ids that have rows of their own in a delta; null for a full version.</summary>
    public MovedRows? Moved { get; }

    /// <summary>The tables that a graph reads, in their order here.</summary>
    public static ImmutableArray<string> NamesOf(ScoringGraph graph) => [.. graph.Nodes.OfType<TableNode>().Select(node => node.Table).Distinct()];

    /// <inheritdoc/>
    public void Dispose() => Moved?.Dispose();
}
