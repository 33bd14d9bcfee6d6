using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>A column of a sequence.</summary>
/// <param name="Part">Its index among the sequence's columns.</param>
/// <param name="Width">Numbers of its embedding.</param>
/// <param name="Table">Where they are.</param>
/// <param name="UnknownRow">The row of ids that have none.</param>
internal sealed record EntryPart(int Part, int Width, MappedEmbeddingTable Table, int UnknownRow);

/// <summary>Where an attention's sequence and query are read, and what it computes with.</summary>
internal sealed record AttentionInputs(
    Feature Sequence, int Column, EntryPart[] Entries, ValueSlot[] Query, float[] Hidden, float[] HiddenBias, float[] Weigh, float[] WeighBias);

/// <summary>
/// Attention of each candidate over the user's sequence. Entries are embedded, and their part of the hidden layer computed,
/// once a request; the query's part once a candidate. What is left for each pair of both is one product, k ∘ q: of the
/// difference, which is linear, either side has its own part.
/// </summary>
internal sealed class TargetAttentionStep : Step
{
    private const int Units = TargetAttentionNode.Units;
    private readonly AttentionInputs inputs;
    private readonly int query;
    private readonly float[] ofEntry;
    private readonly float[] ofQuery;
    private readonly float[] ofProduct;
    private readonly int scratch;

    /// <param name="target">[rows, numbers of an entry].</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="scratch">The first of <see cref="Buffers"/> buffers of the workspace.</param>
    public TargetAttentionStep(ValueSlot target, AttentionInputs inputs, int scratch)
        : base(target)
    {
        (this.inputs, this.scratch, query) = (inputs, scratch, inputs.Query.Sum(part => part.Width));
        var difference = Rows(target.Width + query);
        (ofEntry, ofQuery, ofProduct) = (Rows(0, target.Width), Rows(target.Width), Rows(target.Width + (2 * query)));
        for (var i = 0; i < difference.Length; i++)
        {
            ofEntry[i] += difference[i];
            ofQuery[i] -= difference[i];
        }
    }

    /// <summary>Buffers of its own.</summary>
    public const int Buffers = 7;

    public override void Run(Workspace workspace)
    {
        var column = workspace.Column(inputs.Sequence.Scope, inputs.Column);
        var offsets = column.Offsets;
        var entries = workspace.Write(scratch, offsets[^1] * Target.Width);
        var hiddenOfEntries = workspace.Write(scratch + 1, offsets[^1] * Units);
        Embed(column, entries, workspace.Width);
        Multiply(entries, Target.Width, ofEntry, default, default, hiddenOfEntries, Units, workspace.Width);

        var rows = workspace.RowsOf(Target);
        var queries = workspace.Write(scratch + 2, rows * query);
        var hiddenOfQueries = workspace.Write(scratch + 3, rows * Units);
        ReadQueries(workspace, queries, rows);
        Multiply(queries, query, ofQuery, default, default, hiddenOfQueries, Units, workspace.Width);

        var output = workspace.Write(Target);
        output.Clear();
        for (var row = 0; row < rows; row++)
        {
            var user = column.Rows == 1 ? 0 : row;
            var (first, count) = (offsets[user], offsets[user + 1] - offsets[user]);
            Attend(
                workspace, entries.Slice(first * Target.Width, count * Target.Width), hiddenOfEntries.Slice(first * Units, count * Units),
                queries.Slice(row * query, query), hiddenOfQueries.Slice(row * Units, Units), output.Slice(row * Target.Width, Target.Width), count);
        }
    }

    private void Attend(
        Workspace workspace, ReadOnlySpan<float> entries, ReadOnlySpan<float> hiddenOfEntries, ReadOnlySpan<float> candidate,
        ReadOnlySpan<float> hiddenOfCandidate, Span<float> sum, int count)
    {
        var products = workspace.Write(scratch + 4, count * query);
        var hidden = workspace.Write(scratch + 5, count * 2 * Units);
        var weights = workspace.Write(scratch + 6, count);
        var linear = hidden[..(count * Units)];
        hiddenOfEntries.CopyTo(linear);
        for (var entry = 0; entry < count; entry++)
        {
            WeightedSum.Add(linear.Slice(entry * Units, Units), 1, hiddenOfCandidate, workspace.Width);
            for (var i = 0; i < query; i++)
            {
                products[(entry * query) + i] = entries[(entry * Target.Width) + i] * candidate[i];
            }
        }

        Multiply(products, query, ofProduct, linear, inputs.HiddenBias, hidden[(count * Units)..], Units, workspace.Width, isRelu: true);
        Multiply(hidden[(count * Units)..], Units, inputs.Weigh, default, inputs.WeighBias, weights, 1, workspace.Width);
        for (var entry = 0; entry < count; entry++)
        {
            WeightedSum.Add(sum, weights[entry], entries.Slice(entry * Target.Width, Target.Width), workspace.Width);
        }
    }

    private void Embed(EncodedColumn column, Span<float> entries, VectorWidth width)
    {
        var from = 0;
        foreach (var part in inputs.Entries)
        {
            var keys = column.Parts[part.Part].Keys;
            for (var entry = 0; entry < keys.Length; entry++)
            {
                var found = part.Table.Find(keys[entry]);
                var target = entries.Slice((entry * Target.Width) + from, part.Width);
                target.Clear();
                WeightedSum.Add(target, 1, part.Table.Row(found < 0 ? part.UnknownRow : found), width);
            }

            from += part.Width;
        }
    }

    private void ReadQueries(Workspace workspace, Span<float> queries, int rows)
    {
        var from = 0;
        foreach (var part in inputs.Query)
        {
            for (var row = 0; row < rows; row++)
            {
                workspace.Read(part, row).CopyTo(queries[((row * query) + from)..]);
            }

            from += part.Width;
        }
    }

    private static void Multiply(
        ReadOnlySpan<float> input, int width, float[] weight, ReadOnlySpan<float> prior, ReadOnlySpan<float> bias, Span<float> output, int outputs,
        VectorWidth vectors, bool isRelu = false)
    {
        var kernel = new DenseKernel
        {
            Input = input,
            InputStride = width,
            Inputs = width,
            Weight = weight,
            Prior = prior,
            PriorStride = outputs,
            Bias = bias,
            IsRelu = isRelu,
        };
        kernel.Run(output, output.Length / outputs, outputs, vectors);
    }

    private float[] Rows(int first) => Rows(first, query);

    private float[] Rows(int first, int count) => inputs.Hidden.AsSpan(first * Units, count * Units).ToArray();
}
