using Ranking.Core;
using Ranking.Models;

namespace Ranking.Onnx;

/// <summary>A value for an input of the file.</summary>
/// <param name="Name">The input.</param>
/// <param name="Shape">[rows] or [rows, longest].</param>
/// <param name="Numbers">Row-major, for inputs of floats; else null.</param>
/// <param name="Integers">Row-major, for inputs of 64-bit integers; else null.</param>
public sealed record OnnxTensor(string Name, long[] Shape, float[]? Numbers, long[]? Integers);

/// <summary>Turns encoded candidates into the inputs of an artifact's ONNX file.</summary>
public sealed class OnnxFeed
{
    private readonly ModelArtifact artifact;
    private readonly IReadOnlyCollection<OnnxInput> inputs;
    private readonly Dictionary<string, Dictionary<ulong, int>> slices;

    /// <param name="artifact">The version.</param>
    /// <param name="isSplit">Whether the file was written split.</param>
    public OnnxFeed(ModelArtifact artifact, bool isSplit = false)
    {
        (this.artifact, inputs) = (artifact, OnnxModel.InputsOf(artifact, isSplit));
        slices = inputs.Where(input => input.Slices is not null).ToDictionary(input => input.Name, input => CalibrationMap.SlicesOf(artifact.Weights[input.Slices!]));
    }

    /// <summary>All inputs.</summary>
    /// <param name="batch">Encoded candidates, or examples.</param>
    /// <param name="candidates">How many; a scope that has one row stands for all of them.</param>
    public IEnumerable<OnnxTensor> Read(EncodedBatch batch, int candidates)
    {
        foreach (var input in inputs)
        {
            var rows = input.IsShared ? 1 : candidates;
            var column = batch.ColumnOf(input.FeatureId);
            var read = input.Column < 0 ? column : column.Parts[input.Column];
            int Of(int row) => column.Rows == 1 ? 0 : row;
            yield return input.Kind switch
            {
                OnnxInputKind.Number => Floats(input, rows, 1, (row, _) => read.Values[Of(row)]),
                OnnxInputKind.Missing => Floats(input, rows, 1, (row, _) => read.Missing[Of(row)]),
                OnnxInputKind.Slice => Integers(input, rows, 1, (row, _) => slices[input.Name].GetValueOrDefault(read.Keys[Of(row)])),
                _ => Several(input, input.Kind == OnnxInputKind.Entries ? column.Parts[0] : read, rows, Of),
            };
        }
    }

    private OnnxTensor Several(OnnxInput input, EncodedColumn column, int rows, Func<int, int> of)
    {
        int CountOf(int row) => column.Offsets[of(row) + 1] - column.Offsets[of(row)];
        var longest = input.Rank == 1 ? 1 : Math.Max(1, Enumerable.Range(0, rows).Max(CountOf));
        int At(int row, int place) => place < CountOf(row) ? column.Offsets[of(row)] + place : -1;
        return input.Kind switch
        {
            OnnxInputKind.Weights => Floats(input, rows, longest, (row, place) => At(row, place) is var at and >= 0 ? column.Weights[at] : 0),
            OnnxInputKind.Entries => Floats(input, rows, longest, (row, place) => At(row, place) >= 0 ? 1 : 0),
            _ => Integers(input, rows, longest, (row, place) => At(row, place) is var at and >= 0 ? RowOf(input, column.Keys[at]) : 0),
        };
    }

    private long RowOf(OnnxInput input, ulong key)
    {
        var table = artifact.Table(input.Table!);
        return table.Find(key) is var row and >= 0 ? row : table.Find(KeyHash.Unknown(input.UnknownOf));
    }

    private static OnnxTensor Floats(OnnxInput input, int rows, int width, Func<int, int, float> value) =>
        new(input.Name, ShapeOf(input, rows, width), [.. from row in Enumerable.Range(0, rows) from place in Enumerable.Range(0, width) select value(row, place)], null);

    private static OnnxTensor Integers(OnnxInput input, int rows, int width, Func<int, int, long> value) =>
        new(input.Name, ShapeOf(input, rows, width), null, [.. from row in Enumerable.Range(0, rows) from place in Enumerable.Range(0, width) select value(row, place)]);

    private static long[] ShapeOf(OnnxInput input, int rows, int width) => input.Rank == 1 ? [rows] : [rows, width];
}
