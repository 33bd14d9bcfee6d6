using Microsoft.ML.OnnxRuntime;
using Ranking.Core;
using Ranking.Models;
using Ranking.Onnx;

namespace Ranking.Benchmarks;

/// <summary>
/// Encoder, input and output buffers of one request at a time for the plain graph in ONNX Runtime. Buffers are bound to
/// tensors once and used again; a user's row number is written once for each candidate, which the graph asks for.
/// </summary>
internal sealed class PlainScorer : IDisposable
{
    private readonly ModelArtifact artifact;
    private readonly InferenceSession session;
    private readonly RunOptions run = new();
    private readonly FeatureEncoder encoder;
    private readonly EncodedBatch batch;
    private readonly OnnxInput[] inputs;
    private readonly long[][] rows;
    private readonly float[][] scores;
    private readonly OrtValue[] inputValues;
    private readonly OrtValue[] outputValues;
    private readonly string[] inputNames;
    private readonly string[] outputNames;

    public PlainScorer(ModelArtifact artifact, InferenceSession session, int candidates)
    {
        (this.artifact, this.session, Candidates) = (artifact, session, candidates);
        encoder = new FeatureEncoder(artifact.Spec.Schema, artifact.Transforms, serving: true);
        batch = encoder.CreateBatch();
        inputs = [.. OnnxModel.InputsOf(artifact)];
        inputNames = [.. inputs.Select(input => input.Name)];
        outputNames = [.. artifact.Graph.Outputs.Where(output => output.Kind != OutputKind.Logit).Select(output => output.Name)];
        rows = [.. inputs.Select(_ => new long[candidates])];
        scores = [.. outputNames.Select(_ => new float[candidates])];
        inputValues = [.. rows.Select(numbers => OrtValue.CreateTensorValueFromMemory(numbers, [candidates]))];
        outputValues = [.. scores.Select(numbers => OrtValue.CreateTensorValueFromMemory(numbers, [candidates]))];
    }

    /// <summary>How many candidates its buffers are for.</summary>
    public int Candidates { get; }

    /// <summary>The outputs' names.</summary>
    public IReadOnlyList<string> Outputs => outputNames;

    /// <summary>[outputs][candidates] of a request, until the next one.</summary>
    public float[][] Score(ReadOnlyMemory<byte> user, ReadOnlyMemory<byte>[] items)
    {
        encoder.Encode(batch, 0, user, default, items, new ReadOnlyMemory<byte>[items.Length]);
        for (var number = 0; number < inputs.Length; number++)
        {
            var (column, table, target) = (batch.ColumnOf(inputs[number].FeatureId), artifact.Table(inputs[number].Table!), rows[number]);
            var keys = column.Keys;
            var unknown = KeyHash.Unknown(inputs[number].UnknownOf);
            if (column.Rows == 1)
            {
                Array.Fill(target, RowOf(table, keys[0], unknown));
                continue;
            }

            for (var row = 0; row < target.Length; row++)
            {
                target[row] = RowOf(table, keys[row], unknown);
            }
        }

        session.Run(run, inputNames, inputValues, outputNames, outputValues);
        return scores;
    }

    public void Dispose()
    {
        Array.ForEach(inputValues, value => value.Dispose());
        Array.ForEach(outputValues, value => value.Dispose());
        run.Dispose();
    }

    private static int RowOf(MappedEmbeddingTable table, ulong key, ulong unknown) => table.Find(key) is var row and >= 0 ? row : table.Find(unknown);
}
