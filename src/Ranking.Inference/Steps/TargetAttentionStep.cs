using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>Where an attention's sequence and query are read.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="Column">Its place among the columns of its scope.</param>
/// <param name="Entries">What <see cref="SequenceStep"/> writes: the entries.</param>
/// <param name="HiddenOfEntries">And the buffer of their part of the hidden layer.</param>
/// <param name="Query">The candidate's values.</param>
internal sealed record AttentionInputs(Feature Sequence, int Column, ValueSlot Entries, int HiddenOfEntries, ValueSlot[] Query);

/// <summary>The layers by which an attention weighs an entry, taken apart by what they read.</summary>
/// <remarks>
/// What is left for each pair of an entry and a candidate is one product, k ∘ q: of the difference, which is linear, either
/// side has its own part.
/// </remarks>
internal sealed class AttentionWeights
{
    public const int Units = TargetAttentionNode.Units;

    /// <param name="hidden">[entry + 3 · query, units].</param>
    /// <param name="hiddenBias">[units].</param>
    /// <param name="weigh">[units].</param>
    /// <param name="weighBias">[1].</param>
    /// <param name="entry">Numbers of an entry.</param>
    /// <param name="query">Numbers of a query.</param>
    /// <param name="pack">Packs weights of so many inputs and outputs, with a bias.</param>
    public AttentionWeights(
        float[] hidden, float[] hiddenBias, float[] weigh, float[] weighBias, int entry, int query, Func<float[], int, int, float[], PackedWeights> pack)
    {
        float[] Rows(int first, int count) => hidden.AsSpan(first * Units, count * Units).ToArray();
        var difference = Rows(entry + query, query);
        var (ofEntry, ofQuery) = (Rows(0, entry), Rows(entry, query));
        for (var i = 0; i < difference.Length; i++)
        {
            ofEntry[i] += difference[i];
            ofQuery[i] -= difference[i];
        }

        OfEntry = pack(ofEntry, entry, Units, []);
        OfQuery = pack(ofQuery, query, Units, []);
        OfProduct = pack(Rows(entry + (2 * query), query), query, Units, hiddenBias);
        Weigh = pack(weigh, Units, 1, weighBias);
    }

    public PackedWeights OfEntry { get; }

    public PackedWeights OfQuery { get; }

    public PackedWeights OfProduct { get; }

    public PackedWeights Weigh { get; }
}

/// <summary>Attention of each candidate over the sequence of its row's user.</summary>
/// <param name="target">[rows, numbers of an entry].</param>
/// <param name="inputs">What it reads.</param>
/// <param name="weights">What it computes with.</param>
/// <param name="scratch">The first of <see cref="Buffers"/> buffers of the workspace.</param>
internal sealed class TargetAttentionStep(ValueSlot target, AttentionInputs inputs, AttentionWeights weights, int scratch)
    : Step(target, [inputs.Entries, .. inputs.Query])
{
    private const int Units = AttentionWeights.Units;
    private readonly int query = inputs.Query.Sum(part => part.Width);

    /// <summary>Buffers of its own.</summary>
    public const int Buffers = 5;

    public override void Run(Workspace workspace)
    {
        var (rows, shared) = (workspace.RowsOf(Target), workspace.StrideOf(inputs.Entries) == 0);
        var offsets = workspace.Column(inputs.Sequence.Scope, inputs.Column).Offsets[workspace.RowOf(inputs.Entries, 0)..];
        var count = offsets[workspace.RowsOf(inputs.Entries)] - offsets[0];
        var entries = workspace.Read(inputs.Entries.Buffer, count * Target.Width);
        var hiddenOfEntries = workspace.Read(inputs.HiddenOfEntries, count * Units);
        var queries = workspace.Write(scratch, rows * query);
        var hiddenOfQueries = workspace.Write(scratch + 1, rows * Units);
        ReadQueries(workspace, queries, rows);
        Multiply(queries, weights.OfQuery, default, hiddenOfQueries);

        var output = workspace.Write(Target);
        output.Clear();
        for (var row = 0; row < rows; row++)
        {
            var user = shared ? 0 : row;
            var (first, length) = (offsets[user] - offsets[0], offsets[user + 1] - offsets[user]);
            Attend(
                workspace, entries.Slice(first * Target.Width, length * Target.Width), hiddenOfEntries.Slice(first * Units, length * Units),
                queries.Slice(row * query, query), hiddenOfQueries.Slice(row * Units, Units), output.Slice(row * Target.Width, Target.Width), length);
        }
    }

    private void Attend(
        Workspace workspace, ReadOnlySpan<float> entries, ReadOnlySpan<float> hiddenOfEntries, ReadOnlySpan<float> candidate,
        ReadOnlySpan<float> hiddenOfCandidate, Span<float> sum, int count)
    {
        var products = workspace.Write(scratch + 2, count * query);
        var hidden = workspace.Write(scratch + 3, count * 2 * Units);
        var weighed = workspace.Write(scratch + 4, count);
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

        Multiply(products, weights.OfProduct, linear, hidden[(count * Units)..], isRelu: true);
        Multiply(hidden[(count * Units)..], weights.Weigh, default, weighed);
        for (var entry = 0; entry < count; entry++)
        {
            WeightedSum.Add(sum, weighed[entry], entries.Slice(entry * Target.Width, Target.Width), workspace.Width);
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
        ReadOnlySpan<float> input, PackedWeights layer, ReadOnlySpan<float> prior, Span<float> output, bool isRelu = false)
    {
        var kernel = new DenseKernel
        {
            Input = input,
            InputStride = layer.Inputs,
            Weights = layer,
            Prior = prior,
            PriorStride = layer.Outputs,
            IsRelu = isRelu,
        };
        kernel.Run(output, output.Length / layer.Outputs);
    }
}
