using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Inference;

/// <summary>
/// Scores one request after another, without allocating once it has seen the largest. For one thread at a time; a model
/// has any number of sessions.
/// </summary>
public sealed class ScoringSession : IDisposable
{
    /// <summary>
    /// Candidates that are worked on together: eight blocks of the kernel's rows, whose values between two layers stay in the
    /// second cache, beside a panel of weights.
    /// </summary>
    public const int BlockRows = 96;

    private readonly CompiledGraph graph;
    private readonly Workspace workspace;
    private readonly ItemPass? items;
    private readonly float[][] outputs;

    internal ScoringSession(CompiledGraph graph, VersionTables tables, VectorWidth width)
    {
        this.graph = graph;
        workspace = new Workspace(tables, graph.Memory, width, graph.Items?.Buffer ?? -1);
        items = graph.Items is { } half ? new ItemPass(half, workspace) : null;
        outputs = [.. graph.Outputs.Select(_ => Array.Empty<float>())];
    }

    /// <summary>
    /// [candidates] true where the item's id has no row of its own and the unknown row stands for it. The item's id is the
    /// feature declared as such, else the categorical input of item scope with the lowest number; without one, nothing is unknown. A missing id is not
    /// unknown.
    /// </summary>
    public ReadOnlySpan<bool> UnknownItems => workspace.Unknown;

    /// <summary>Goes over to another version of the same graph: its base, or another delta over that.</summary>
    /// <param name="model">The version; it must outlive what is scored by it.</param>
    /// <exception cref="ArgumentException">It is not of the same graph.</exception>
    public void Follow(ServingModel model) => workspace.Tables = ReferenceEquals(model.Graph, graph)
        ? model.Tables
        : throw new ArgumentException($"version '{model.Version}' has a graph of its own: it needs a session of its own.", nameof(model));

    /// <summary>Scores the candidates of a request, or examples, in their order. Returns how many: all, or those before it was over.</summary>
    /// <param name="batch">From an encoder of the same model.</param>
    /// <param name="isOver">Asked before each block of <see cref="BlockRows"/> whether to end there; null scores all.</param>
    /// <exception cref="ArgumentException">The batch has more than one user and not as many as candidates.</exception>
    public int Score(EncodedBatch batch, Func<bool>? isOver = null)
    {
        workspace.Begin(batch);
        for (var output = 0; output < outputs.Length; output++)
        {
            var length = workspace.Rows * graph.Outputs[output].Width;
            outputs[output] = outputs[output].Length < length ? new float[length] : outputs[output];
        }

        if (workspace.IsRequest)
        {
            Run(graph.OfRequest);
        }

        var scored = 0;
        while (scored < workspace.Rows && ScoreSome(batch, scored, isOver) is var more and > 0)
        {
            scored += more;
        }

        return scored;
    }

    /// <summary>Computes what is kept of the candidates' items where it is not kept yet, and nothing else.</summary>
    /// <param name="batch">From an encoder of the same model.</param>
    public void KeepItems(EncodedBatch batch)
    {
        workspace.Begin(batch);
        for (var from = 0; items is not null && from < workspace.Rows;)
        {
            workspace.FirstItem = from;
            from += items.Take(batch[FeatureScope.Item], from, Math.Min(ItemPass.Rows, workspace.Rows - from)).Rows;
            items.LetGo();
        }
    }

    /// <summary>[candidates, width] the values of an output, by its index in <see cref="ServingModel.Outputs"/>, until the next call of <see cref="Score"/>.</summary>
    public ReadOnlySpan<float> Output(int index) => outputs[index].AsSpan(0, workspace.Rows * graph.Outputs[index].Width);

    /// <summary>Gives its memory back at once; the collector, which does not see how much it is, would take its time.</summary>
    public void Dispose() => workspace.Dispose();

    // As many as have their items held together, fewer where it was over before; none where it is over.
    private int ScoreSome(EncodedBatch batch, int from, Func<bool>? isOver)
    {
        var rows = Math.Min(ItemPass.Rows, workspace.Rows - from);
        if (isOver is not null && isOver())
        {
            return 0;
        }

        try
        {
            workspace.FirstItem = from;
            rows = items is null ? rows : TakeItems(items, batch[FeatureScope.Item], from, rows);
            for (var row = 0; row < rows; row += BlockRows)
            {
                if (row > 0 && isOver is not null && isOver())
                {
                    return row;
                }

                workspace.Take(from + row, Math.Min(BlockRows, rows - row));
                if (!workspace.IsRequest)
                {
                    Run(graph.OfRequest);
                }

                Run(graph.OfCandidates);
                Collect();
            }
        }
        finally
        {
            items?.LetGo();
        }

        return rows;
    }

    private int TakeItems(ItemPass pass, EncodedScope encoded, int from, int most)
    {
        var (rows, computed) = pass.Take(encoded, from, most);
        graph.Items!.Cache.Count(rows - computed, computed);
        return rows;
    }

    private void Run(ImmutableArray<Step> steps)
    {
        foreach (var step in steps)
        {
            step.Run(workspace);
        }
    }

    // A value of the user alone is the same for every candidate.
    private void Collect()
    {
        for (var output = 0; output < outputs.Length; output++)
        {
            var slot = graph.Outputs[output];
            workspace.CopyBlock(slot, outputs[output].AsSpan(workspace.FirstRow * slot.Width));
        }
    }
}
