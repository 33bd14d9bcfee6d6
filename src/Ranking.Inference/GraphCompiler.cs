using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>
/// Turns a graph into steps: dropout vanishes, and a concatenation becomes one value for each scope, of which dense layers
/// read each by itself; what else reads several of them has them joined for every candidate.
/// </summary>
/// <param name="artifact">The version.</param>
/// <param name="width">The widest vectors that its kernels use.</param>
/// <param name="itemCacheBytes">How much of what depends on items alone is kept, in bytes; 0 computes it for every candidate.</param>
/// <param name="shared">The items of another version, to keep these in where they fit; null has memory of its own.</param>
/// <param name="ranges">Takes the largest inputs of what could be quantised; null for a graph that is to score.</param>
internal sealed class GraphCompiler(
    ModelArtifact artifact, VectorWidth width, long itemCacheBytes, ItemCache? shared = null, Dictionary<string, float>? ranges = null)
{
    private readonly List<Step> steps = [];
    private readonly ValueSlot[][] slots = new ValueSlot[artifact.Graph.Nodes.Length][];
    private readonly ImmutableArray<string> tables = VersionTables.NamesOf(artifact.Graph);
    private readonly Feature? itemId = ItemLayout.ItemId(artifact.Spec.Schema);
    private readonly Dictionary<int, ValueSlot> joined = [];
    private readonly List<IDisposable> owned = [];
    private readonly List<QuantizedAdd> adds = [];

    // An item's sequence is of any length, and what reads it is not kept. In 16 bits it goes the same way where there is no cache.
    private readonly bool keepsItems = (itemCacheBytes > 0 || KeepsHalves(artifact)) && !artifact.Graph.Nodes.Any(node => node is SequenceNode { Scopes: ScopeSet.Item });
    private ItemLayout? items;
    private int buffers;

    /// <exception cref="ArtifactException">This build does not know a node.</exception>
    public CompiledGraph Compile()
    {
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = Compile(artifact.Graph.Nodes[i]);
        }

        if (adds.Count > 0)
        {
            // What they read is the request's and the items': it stands ready before the first candidate's step.
            steps.Insert(0, new QuantizedAddStep([.. adds]));
        }

        ValueSlot[] outputs = [.. artifact.Graph.Outputs.Select(output => Whole(output.Node, ScopeSet.Candidate))];
        var ofRequest = steps.ToLookup(step => step.Target.IsPerRequest);
        if (items is null)
        {
            return Graph(null, SharedMixes.Merge([.. ofRequest[false]]));
        }

        var ofItem = ofRequest[false].ToLookup(step => step.Target.Scopes == ScopeSet.Item);
        var cache = shared?.TryShare(items.Width, itemCacheBytes) ?? new ItemCache(items.Width, itemCacheBytes);
        owned.Add(cache);
        return Graph(new ItemHalf([.. ofItem[true]], [.. items.Values], items.Buffer, items.Width, cache, ItemKey.OfVersion()), SharedMixes.Merge([.. ofItem[false]]));

        CompiledGraph Graph(ItemHalf? half, Step[] ofCandidates)
        {
            Link([.. half?.Steps ?? [], .. ofCandidates], ofCandidates);
            return new([.. ofRequest[true]], half, [.. ofCandidates], [.. outputs], [.. BufferSharing.Of(ofCandidates, outputs, buffers)], [.. owned]);
        }
    }

    // After the last step of a block comes the first of the next one.
    private static void Link(IEnumerable<Step> steps, IEnumerable<Step> again)
    {
        var layers = steps.OfType<DenseStep>().ToArray();
        foreach (var (number, layer) in layers.Index())
        {
            layer.Next = number + 1 < layers.Length ? layers[number + 1] : again.OfType<DenseStep>().FirstOrDefault();
        }
    }

    private ValueSlot[] Compile(GraphNode node)
    {
        switch (node)
        {
            case DropoutNode dropout:
                return slots[dropout.Input];
            case ConcatNode concat:
                return Concat(concat);
            case DenseNode dense:
                return Dense(dense);
            case TargetAttentionNode attention:
                return Attention(attention);
            case SequenceNode:
                // The attention that reads it embeds it.
                return [];
        }

        var target = NewSlot(node.Width, node.Scopes);
        steps.Add(node switch
        {
            EmbedNode embed => Embed(embed, target),
            NumberNode number => new NumberStep(target, FeatureOf(number.FeatureId), ColumnOf(number.FeatureId)),
            PiecewiseNode piecewise => Piecewise(piecewise, target),
            SoftmaxNode softmax => new SoftmaxStep(target, Read(softmax.Input)),
            MixNode mix => new MixStep([target], [Read(mix.Gate)], [.. mix.Experts.Select(Read)]),
            PeriodicNode periodic => new PeriodicStep(target, Read(periodic.Input)),
            CrossNode cross => new CrossStep(target, Read(cross.First), Read(cross.Layer), Read(cross.Previous)),
            FactorizationNode factorization => new FactorizationStep(target, Read(factorization.Input), [.. factorization.Fields]),
            FieldMeansNode means => new FieldMeansStep(target, Read(means.Input), Fields(means.Fields, means.Input)),
            FieldGateNode gate => new FieldGateStep(target, Read(gate.Input), Read(gate.Gate), Fields(gate.Fields, gate.Input)),
            TreesNode trees => new TreesStep(target, Read(trees.Input), new TreeEnsemble(trees, artifact.Weights[trees.Splits], artifact.Weights[trees.Leaves])),
            MeanNode mean => new MeanStep(target, [.. mean.Values.Select((value, number) => (Read(value), mean.ShareOf(number)))]),
            ServingShiftNode shift => new ShiftStep(target, Read(shift.Input), shift.Constant),
            CalibrationNode calibration => Calibration(calibration, target, Read(calibration.Input)),
            SigmoidNode sigmoid => new SigmoidStep(target, Read(sigmoid.Input)),
            ProductNode product => new ProductStep(target, [.. product.Factors.Select(Read)]),
            _ => throw new ArtifactException("graph.json", $"this build cannot serve a {node.GetType().Name}."),
        });
        return [target];

        ValueSlot Read(int input) => Whole(input, node.Scopes);
    }

    private EmbedStep Embed(EmbedNode node, ValueSlot target) => new(
        target, FeatureOf(node.FeatureId), ColumnOf(node.FeatureId), SlotOf(node), node.FeatureId == itemId?.Id);

    private PiecewiseStep Piecewise(PiecewiseNode node, ValueSlot target) => new(
        target, FeatureOf(node.FeatureId), ColumnOf(node.FeatureId),
        [.. artifact.Transforms.First(transform => transform.FeatureId == node.FeatureId).Bins!]);

    private CalibrationStep Calibration(CalibrationNode node, ValueSlot target, ValueSlot logit)
    {
        var map = new CalibrationMap(node, artifact.Weights[node.Maps], node.Slices is null ? [] : artifact.Weights[node.Slices]);
        return node.FeatureId == 0
            ? new CalibrationStep(target, logit, map, null, 0)
            : new CalibrationStep(target, logit, map, FeatureOf(node.FeatureId), ColumnOf(node.FeatureId));
    }

    private ValueSlot[] Dense(DenseNode node)
    {
        var inputs = slots[node.Input];
        if (QuantizedLayers.Has(artifact.Graph, node) && inputs is [var whole] && TryQuantize(node, whole) is { } quantized)
        {
            return [quantized];
        }

        var (first, scopes, sum) = (0, ScopeSet.None, default(ValueSlot?));
        for (var i = 0; i < inputs.Length; i++)
        {
            var (before, isLast, isRelu) = (scopes, i == inputs.Length - 1, node.Activation == Activation.Relu);
            scopes |= inputs[i].Scopes;
            var bias = isLast ? artifact.Weights[node.Bias].ToArray() : [];
            var weight = artifact.Weights[node.Weight].Slice(first * node.Width, inputs[i].Width * node.Width);
            first += inputs[i].Width;
            if (before != ScopeSet.None && IsKept(inputs[i]))
            {
                // What of the layer is the item's is kept by itself, and added.
                var part = new DenseStep(NewSlot(node.Width, ScopeSet.Item), inputs[i], Pack(weight, inputs[i].Width, node.Width, []), null, false);
                steps.Add(part);
                steps.Add(new AddStep(NewSlot(node.Width, scopes), Keep(part.Target, KeepsHalves(artifact)), sum!.Value, bias, isRelu));
            }
            else
            {
                steps.Add(new DenseStep(NewSlot(node.Width, scopes), inputs[i], Pack(weight, inputs[i].Width, node.Width, bias), sum, isRelu));
            }

            sum = scopes == ScopeSet.Item && !isLast ? Gather(steps[^1].Target) : steps[^1].Target;
        }

        return [sum!.Value];
    }

    private ValueSlot? TryQuantize(DenseNode node, ValueSlot input)
    {
        if (ranges is not null)
        {
            steps.Add(new RangeStep(NewSlot(1, input.Scopes), input, node.Weight, ranges));
        }

        if (artifact.Manifest.Quantization is not { } quantization || !quantization.Ranges.TryGetValue(node.Weight, out var range))
        {
            return null;
        }

        var weights = new QuantizedWeights(artifact.Weights[node.Weight], node.Width, artifact.Weights[node.Bias], range);
        owned.Add(weights);
        var integers = NewSlot(weights.InputBytes / sizeof(float), node.Scopes);
        if (steps[^1] is AddStep add && add.Target == input && QuantizedLayers.IsReadOnce(artifact.Graph, node.Input))
        {
            steps.RemoveAt(steps.Count - 1);
            steps.Add(new FixedPointStep(NewSlot((input.Width + 1) / 2, add.Prior.Scopes), add.Prior, add.Bias, weights.InputScale));
            adds.Add(new QuantizedAdd(integers, items!.Fix(add.Part, weights.InputScale), steps[^1].Target));
        }
        else
        {
            steps.Add(new QuantizeStep(integers, input, weights.InputScale));
        }

        steps.Add(new QuantizedDenseStep(NewSlot(node.Width, node.Scopes), integers, weights, node.Activation == Activation.Relu));
        return steps[^1].Target;
    }

    private ValueSlot[] Attention(TargetAttentionNode node)
    {
        var columns = node.Entries.Select(entry => (SequenceNode)artifact.Graph.Nodes[entry]).ToArray();
        var (sequence, column) = (FeatureOf(columns[0].Sequence), ColumnOf(columns[0].Sequence));
        ValueSlot[] query = [.. node.Query.Select(part => Whole(part, node.Scopes))];
        var weights = new AttentionWeights(
            artifact.Weights[$"{node.Hidden}.weight"].ToArray(), artifact.Weights[$"{node.Hidden}.bias"].ToArray(),
            artifact.Weights[$"{node.Weigh}.weight"].ToArray(), artifact.Weights[$"{node.Weigh}.bias"].ToArray(), node.Width, query.Sum(part => part.Width), (weight, inputs, outputs, bias) => Pack(weight, inputs, outputs, bias));
        var (entries, hidden) = (NewSlot(node.Width, artifact.Graph.Nodes[node.Entries[0]].Scopes), buffers++);
        EntryPart[] parts = [.. columns.Select(part => new EntryPart(part.Column, part.Width, SlotOf(part)))];
        steps.Add(new SequenceStep(entries, hidden, sequence, column, parts, weights.OfEntry));

        var target = NewSlot(node.Width, node.Scopes);
        steps.Add(new TargetAttentionStep(target, new AttentionInputs(sequence, column, entries, hidden, query), weights, buffers));
        buffers += TargetAttentionStep.Buffers;
        return [target];
    }

    // One value for each run of parts that depend on the same scopes.
    private ValueSlot[] Concat(ConcatNode node)
    {
        var runs = new List<List<ValueSlot>>();
        foreach (var part in node.Parts.SelectMany(part => slots[part]))
        {
            if (runs.Count == 0 || runs[^1][0].Scopes != part.Scopes)
            {
                runs.Add([]);
            }

            runs[^1].Add(part);
        }

        return [.. runs.Select(run => Join(run, run[0].Scopes))];
    }

    private ValueSlot Join(IReadOnlyList<ValueSlot> parts, ScopeSet scopes)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var target = NewSlot(parts.Sum(part => part.Width), scopes);
        steps.Add(new ConcatStep(target, [.. parts]));
        return target;
    }

    private ValueSlot NewSlot(int width, ScopeSet scopes) => new(buffers++, width, scopes);

    private PackedWeights Pack(ReadOnlySpan<float> weight, int inputs, int outputs, float[] bias)
    {
        var packed = new PackedWeights(weight, inputs, outputs, bias, width);
        owned.Add(packed);
        return packed;
    }

    // What a node with those scopes reads of another.
    private ValueSlot Whole(int node, ScopeSet reader)
    {
        var scopes = artifact.Graph.Nodes[node].Scopes;
        if (!joined.TryGetValue(node, out var whole))
        {
            joined[node] = whole = Join(scopes == ScopeSet.Item ? slots[node] : [.. slots[node].Select(slot => Keep(slot))], scopes);
        }

        return reader == ScopeSet.Item ? whole : Keep(whole);
    }

    // Without a quantization a version is scored in 32 bits, whatever its specification asks for: to compare.
    private static bool KeepsHalves(ModelArtifact artifact) =>
        artifact.Spec.Precision != ScoringPrecision.Float32 && artifact.Manifest.Quantization is not null;

    private bool IsKept(ValueSlot slot) => keepsItems && slot.Scopes == ScopeSet.Item;

    // Where candidates read a value: one of the item alone, where the cache or the items' own steps have put it.
    private ValueSlot Keep(ValueSlot slot, bool isHalf = false) =>
        IsKept(slot) ? (items ??= new ItemLayout(buffers++)).Place(slot, isHalf) : slot;

    // In one piece, as a kernel reads it.
    private ValueSlot Gather(ValueSlot slot)
    {
        if (!IsKept(slot))
        {
            return slot;
        }

        steps.Add(new ConcatStep(NewSlot(slot.Width, ScopeSet.Candidate), [Keep(slot)]));
        return steps[^1].Target;
    }

    private TableSlot SlotOf(TableNode node) => new(tables.IndexOf(node.Table), artifact.Table(node.Table).Find(KeyHash.Unknown(node.FeatureId)));

    private Feature FeatureOf(int id) => artifact.Spec.Schema.Features[artifact.Spec.Schema.SlotOf(id)];

    private Range[] Fields(ImmutableArray<int> begins, int node) =>
        [.. begins.Select((begin, field) => begin..(field + 1 < begins.Length ? begins[field + 1] : artifact.Graph.Nodes[node].Width))];

    // Columns of a scope ascend by feature id, as the schema does.
    private int ColumnOf(int id)
    {
        var feature = FeatureOf(id);
        return artifact.Spec.Schema.Features.Count(other => other.IsInput && other.Scope == feature.Scope && other.Id < id);
    }
}
