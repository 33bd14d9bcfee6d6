using Ranking.Models;

namespace Ranking.Onnx;

/// <summary>Writes a calibration: the map of each row's slice, applied to its logit (<see cref="CalibrationMap"/>).</summary>
internal static class CalibrationWriter
{
    public static string Write(OnnxGraph onnx, CalibrationNode node, ModelArtifact artifact, string logit)
    {
        var shape = artifact.Graph.Parameters.First(parameter => parameter.Name == node.Maps);
        var maps = onnx.Buffer(node.Maps, artifact.Weights[node.Maps], shape.Rows, shape.Columns);

        // [rows, numbers of a map], or [1, numbers] where there is one map.
        var map = node.Slices is { } slices
            ? onnx.Add("Gather", [maps, onnx.Input(new OnnxInput($"slice.{node.Maps}", OnnxInputKind.Slice, node.FeatureId, 1) { Slices = slices })])
            : maps;
        return node.Method == CalibrationMethod.Platt
            ? onnx.Add("Add", [onnx.Add("Mul", [logit, Columns(onnx, map, 0, 1)]), Columns(onnx, map, 1, 2)])
            : Interpolate(onnx, Columns(onnx, map, 0, shape.Columns / 2), Columns(onnx, map, shape.Columns / 2, shape.Columns), shape.Columns / 2, logit);
    }

    // Beyond the first and the last knot the map goes on at the slope of the identity: the sum over the lines between knots of
    // their rise, as far as the logit has come on each, and what it lies beyond the ends.
    private static string Interpolate(OnnxGraph onnx, string x, string y, int knots, string logit)
    {
        var (lowX, highX) = (Columns(onnx, x, 0, knots - 1), Columns(onnx, x, 1, knots));
        var rise = onnx.Add("Sub", [Columns(onnx, y, 1, knots), Columns(onnx, y, 0, knots - 1)]);
        var come = onnx.Add("Div", [onnx.Add("Sub", [logit, lowX]), onnx.Add("Sub", [highX, lowX])]);
        var within = onnx.Add("Clip", [come, onnx.Buffer("scalar.0", [0], []), onnx.Buffer("scalar.1", [1], [])]);
        var risen = onnx.Add("ReduceSum", [onnx.Add("Mul", [rise, within]), onnx.Ints(1)], OnnxGraph.Int("keepdims", 1));
        var (first, last) = (Columns(onnx, x, 0, 1), Columns(onnx, x, knots - 1, knots));
        var below = onnx.Add("Min", [onnx.Add("Sub", [logit, first]), onnx.Number(0)]);
        var above = onnx.Add("Max", [onnx.Add("Sub", [logit, last]), onnx.Number(0)]);
        return onnx.Add("Sum", [Columns(onnx, y, 0, 1), risen, below, above]);
    }

    private static string Columns(OnnxGraph onnx, string map, int from, int to) =>
        onnx.Add("Slice", [map, onnx.Ints(from), onnx.Ints(to), onnx.Ints(1)]);
}
