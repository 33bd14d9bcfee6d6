using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference.Tests;

/// <summary>The graph in double precision, node by node as it is written, one row at a time: shares no code with the backend.</summary>
internal static class ReferenceScorer
{
    /// <summary>[outputs] of the batch's first row.</summary>
    public static double[] Score(ArtifactContent content, EncodedBatch batch)
    {
        var values = new List<double[]>();
        foreach (var node in content.Graph.Nodes)
        {
            values.Add(node switch
            {
                EmbedNode embed => Embed(content, embed, Column(batch, embed.FeatureId)),
                SequenceNode => [],
                TargetAttentionNode attention => Attend(content, attention, [.. attention.Query.SelectMany(part => values[part])], batch),
                NumberNode number => Number(Column(batch, number.FeatureId), number.Width),
                PiecewiseNode piecewise => Piecewise(content, piecewise, Column(batch, piecewise.FeatureId)),
                ConcatNode concat => [.. concat.Parts.SelectMany(part => values[part])],
                DenseNode dense => Dense(content, dense, values[dense.Input]),
                DropoutNode dropout => values[dropout.Input],
                SoftmaxNode softmax => [.. values[softmax.Input].Select(x => Math.Exp(x) / values[softmax.Input].Sum(Math.Exp))],
                MixNode mix => [.. Enumerable.Range(0, mix.Width).Select(i => mix.Experts.Select((expert, e) => values[mix.Gate][e] * values[expert][i]).Sum())],
                PeriodicNode periodic => [.. values[periodic.Input].Select(x => Math.Sin(2 * Math.PI * x)), .. values[periodic.Input].Select(x => Math.Cos(2 * Math.PI * x))],
                CrossNode cross => [.. values[cross.Previous].Select((x, i) => (values[cross.First][i] * values[cross.Layer][i]) + x)],
                FactorizationNode pairs => Factorize(pairs, values[pairs.Input]),
                FieldMeansNode means => [.. means.Fields.Select((first, i) => values[means.Input][first..End(means.Fields, i)].Average())],
                FieldGateNode gate => [.. values[gate.Input].Select((x, i) => x * 2 / (1 + Math.Exp(-values[gate.Gate][gate.Fields.Count(first => first <= i) - 1])))],
                ServingShiftNode shift => [.. values[shift.Input].Select(x => x + shift.Constant)],
                CalibrationNode calibration => [Calibrate(content, calibration, calibration.FeatureId == 0 ? 0 : Column(batch, calibration.FeatureId).Keys[0], values[calibration.Input][0])],
                SigmoidNode sigmoid => [.. values[sigmoid.Input].Select(x => 1 / (1 + Math.Exp(-x)))],
                ProductNode product => [product.Factors.Aggregate(1.0, (all, factor) => all * values[factor][0])],
                _ => throw new InvalidOperationException($"{node.GetType().Name} is new: add it here."),
            });
        }

        return [.. content.Graph.Outputs.Select(output => values[output.Node][0])];
    }

    // Pair by pair.
    private static double[] Factorize(FactorizationNode node, double[] input) =>
    [
        .. Enumerable.Range(0, node.Width).Select(i =>
            (from a in node.Fields from b in node.Fields where a < b select input[a + i] * input[b + i]).Sum()),
    ];

    private static Index End(IReadOnlyList<int> fields, int i) => i + 1 < fields.Count ? fields[i + 1] : ^0;

    private static EncodedColumn Column(EncodedBatch batch, int featureId) =>
        batch.Scopes.SelectMany(scope => scope.Columns).First(column => column.Feature.Id == featureId);

    private static double[] Embed(ArtifactContent content, EmbedNode node, EncodedColumn column)
    {
        var table = content.Tables.Cast<EmbeddingTableData>().First(table => table.Name == node.Table);
        var sum = new double[node.Width];
        for (var i = 0; i < column.Offsets[1]; i++)
        {
            var place = Array.IndexOf(table.Keys, column.Keys[i]);
            place = place < 0 ? Array.IndexOf(table.Keys, KeyHash.Unknown(node.FeatureId)) : place;
            for (var j = 0; j < sum.Length; j++)
            {
                sum[j] += (double)column.Weights[i] * table.Rows[(place * node.Width) + j];
            }
        }

        return sum;
    }

    // As the node's remarks have it.
    private static double[] Attend(ArtifactContent content, TargetAttentionNode node, double[] q, EncodedBatch batch)
    {
        var columns = node.Entries.Select(entry => (SequenceNode)content.Graph.Nodes[entry]).ToArray();
        var sequence = Column(batch, columns[0].Sequence);
        var sum = new double[node.Width];
        for (var at = 0; at < sequence.Offsets[1]; at++)
        {
            double[] e = [.. columns.SelectMany(column => Row(content, column, sequence.Parts[column.Column].Keys[at]))];
            double[] input = [.. e, .. q, .. q.Select((x, i) => e[i] - x), .. q.Select((x, i) => e[i] * x)];
            var hidden = Dense(content, new DenseNode(0, $"{node.Hidden}.weight", $"{node.Hidden}.bias", Activation.Relu) { Width = 36, Scopes = 0 }, input);
            var weight = Dense(content, new DenseNode(0, $"{node.Weigh}.weight", $"{node.Weigh}.bias", Activation.None) { Width = 1, Scopes = 0 }, hidden);
            sum = [.. sum.Select((x, i) => x + (weight[0] * e[i]))];
        }

        return sum;
    }

    private static IEnumerable<double> Row(ArtifactContent content, TableNode node, ulong key)
    {
        var table = content.Tables.Cast<EmbeddingTableData>().First(table => table.Name == node.Table);
        var place = Array.IndexOf(table.Keys, key);
        place = place < 0 ? Array.IndexOf(table.Keys, KeyHash.Unknown(node.FeatureId)) : place;
        return table.Rows.Skip(place * node.Width).Take(node.Width).Select(x => (double)x);
    }

    private static double[] Number(EncodedColumn column, int width) => width == 2 ? [column.Values[0], column.Missing[0]] : [column.Values[0]];

    // Every bin by the formula of the paper, its ends held.
    private static double[] Piecewise(ArtifactContent content, PiecewiseNode node, EncodedColumn column)
    {
        double[] bins = [.. content.Transforms.Single(transform => transform.FeatureId == node.FeatureId).Bins!];
        var vector = new double[node.Width];
        for (var i = 1; i < bins.Length; i++)
        {
            vector[i - 1] = Math.Clamp((column.Values[0] - bins[i - 1]) / (bins[i] - bins[i - 1]), 0, 1);
        }

        vector[^1] = column.Feature.Missing == MissingRule.Indicator ? column.Missing[0] : vector[^1];
        return vector;
    }

    private static double[] Dense(ArtifactContent content, DenseNode node, double[] input)
    {
        var (weight, bias) = (content.Weights[node.Weight], content.Weights[node.Bias]);
        return
        [
            .. Enumerable.Range(0, node.Width)
                .Select(j => bias[j] + input.Select((x, i) => x * weight[(i * node.Width) + j]).Sum())
                .Select(y => node.Activation == Activation.Relu ? Math.Max(0, y) : y),
        ];
    }

    private static double Calibrate(ArtifactContent content, CalibrationNode node, ulong key, double logit)
    {
        var keys = node.Slices is null ? [] : content.Weights[node.Slices].Chunk(4).Select(parts => parts.Select((part, i) => (ulong)part << (16 * i)).Aggregate((all, part) => all | part)).ToList();
        var map = content.Weights[node.Maps].Chunk(content.Weights[node.Maps].Length / (keys.Count + 1)).ElementAt(keys.IndexOf(key) + 1);
        if (node.Method == CalibrationMethod.Platt)
        {
            return (map[0] * logit) + map[1];
        }

        var (x, y) = (map[..(map.Length / 2)], map[(map.Length / 2)..]);
        var after = Array.FindIndex(x, knot => knot > logit);
        return after == 0 ? y[0] + logit - x[0]
            : after < 0 ? y[^1] + logit - x[^1]
            : y[after - 1] + ((logit - x[after - 1]) * (y[after] - y[after - 1]) / (x[after] - x[after - 1]));
    }
}
