using Microsoft.ML.OnnxRuntime;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Onnx.Tests;

/// <summary>Writes an artifact as ONNX and runs the file.</summary>
internal static class OnnxRun
{
    /// <summary>[outputs][rows] in the order of the graph's outputs.</summary>
    public static float[][] Score(ModelArtifact artifact, EncodedBatch batch, int rows, bool isSplit = false)
    {
        var path = Path.Combine(artifact.Folder, "model.onnx");
        OnnxModel.Write(artifact, path, isSplit);
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(path, options);
        var inputs = new OnnxFeed(artifact, isSplit).Read(batch, rows).ToDictionary(tensor => tensor.Name, tensor => tensor.Numbers is { } numbers
            ? OrtValue.CreateTensorValueFromMemory(numbers, tensor.Shape)
            : OrtValue.CreateTensorValueFromMemory(tensor.Integers!, tensor.Shape));
        using var run = new RunOptions();
        using var results = session.Run(run, inputs, [.. artifact.Graph.Outputs.Select(output => output.Name)]);
        float[][] scores = [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
        foreach (var input in inputs.Values)
        {
            input.Dispose();
        }

        return scores;
    }
}
