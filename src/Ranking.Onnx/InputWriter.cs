using Ranking.Core;
using Ranking.Models;

namespace Ranking.Onnx;

/// <summary>Writes what the graph reads: embeddings, numbers and the entries of sequences.</summary>
/// <param name="artifact">The version.</param>
/// <param name="onnx">Where it is written.</param>
/// <param name="isSplit">Whether what is the user's or the request's has one row.</param>
internal sealed class InputWriter(ModelArtifact artifact, OnnxGraph onnx, bool isSplit)
{
    /// <summary>Σ weight · row.</summary>
    public string Embed(EmbedNode node)
    {
        var feature = FeatureOf(node.FeatureId);
        var rows = onnx.Input(new OnnxInput($"rows.{node.Table}.{feature.Name}", OnnxInputKind.TableRows, feature.Id, feature.IsList ? 2 : 1)
        {
            Table = node.Table,
            UnknownOf = feature.Id,
            IsShared = IsShared(feature),
        });
        var read = onnx.Add("Gather", [TableOf(node.Table), rows]);
        if (!feature.IsList)
        {
            return read;
        }

        var weights = onnx.Input(new OnnxInput($"weights.{feature.Name}", OnnxInputKind.Weights, feature.Id, 2) { IsShared = IsShared(feature) });
        var weighted = onnx.Add("Mul", [read, onnx.Add("Unsqueeze", [weights, onnx.Ints(2)])]);
        return onnx.Add("ReduceSum", [weighted, onnx.Ints(1)], OnnxGraph.Int("keepdims", 0));
    }

    /// <summary>A number, and whether it is missing where the feature asks for it.</summary>
    public string Number(NumberNode node) => WithIndicator(FeatureOf(node.FeatureId), Column(FeatureOf(node.FeatureId), OnnxInputKind.Number));

    /// <summary>A number by its way through the bins: 0 below, 1 above, a share within; 0 beyond the bins that there are.</summary>
    public string Piecewise(PiecewiseNode node)
    {
        var feature = FeatureOf(node.FeatureId);
        var borders = artifact.Transforms.First(transform => transform.FeatureId == feature.Id).Bins!.Value;
        var (bins, width) = (Math.Max(0, borders.Length - 1), node.Width - (feature.Missing == MissingRule.Indicator ? 1 : 0));
        var (low, length) = (new float[width], new float[width]);
        for (var bin = 0; bin < width; bin++)
        {
            // Beyond the bins: 0, whatever the number.
            (low[bin], length[bin]) = bin < bins ? (borders[bin], borders[bin + 1] - borders[bin]) : (float.MaxValue, 1);
        }

        var above = onnx.Add("Sub", [Column(feature, OnnxInputKind.Number), onnx.Buffer($"bins.{feature.Name}.low", low, 1, width)]);
        var share = onnx.Add("Div", [above, onnx.Buffer($"bins.{feature.Name}.length", length, 1, width)]);
        return WithIndicator(feature, onnx.Add("Clip", [share, Scalar(0), Scalar(1)]));
    }

    /// <summary>[rows, entries, width] the embeddings of a column.</summary>
    public string Entries(SequenceNode node)
    {
        var sequence = FeatureOf(node.Sequence);
        return onnx.Add("Gather", [TableOf(node.Table), onnx.Input(new OnnxInput($"rows.{node.Table}.{sequence.Name}.{sequence.Columns[node.Column].Name}", OnnxInputKind.TableRows, sequence.Id, 2)
        {
            Table = node.Table,
            UnknownOf = node.FeatureId,
            Column = node.Column,
        })]);
    }

    /// <summary>[rows, entries, 1] which of them there are.</summary>
    public string Mask(SequenceNode node)
    {
        var sequence = FeatureOf(node.Sequence);
        return onnx.Add("Unsqueeze", [onnx.Input(new OnnxInput($"entries.{sequence.Name}", OnnxInputKind.Entries, sequence.Id, 2)), onnx.Ints(2)]);
    }

    private bool IsShared(Feature feature) => isSplit && feature.Scope is (FeatureScope.User or FeatureScope.Context);

    private string WithIndicator(Feature feature, string number) => feature.Missing == MissingRule.Indicator
        ? onnx.Add("Concat", [number, Column(feature, OnnxInputKind.Missing)], OnnxGraph.Int("axis", 1))
        : number;

    private string Column(Feature feature, OnnxInputKind kind) =>
        onnx.Add("Unsqueeze", [onnx.Input(new OnnxInput($"{(kind == OnnxInputKind.Number ? "number" : "missing")}.{feature.Name}", kind, feature.Id, 1) { IsShared = IsShared(feature) }), onnx.Ints(1)]);

    private string Scalar(float number) => onnx.Buffer($"scalar.{number:F0}", [number], []);

    private Feature FeatureOf(int id) => artifact.Spec.Schema.Features[artifact.Spec.Schema.SlotOf(id)];

    public static string TableOf(string table) => $"table.{table}";
}
