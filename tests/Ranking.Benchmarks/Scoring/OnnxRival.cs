using Microsoft.ML.OnnxRuntime;
using Ranking.Core;
using Ranking.Models;
using Ranking.Onnx;

namespace Ranking.Benchmarks;

/// <summary>
/// ONNX Runtime on a version's graph, on one thread unless said otherwise. Its inputs stand ready as row numbers of the tables, in buffers that
/// belong to the requests: it looks no id up and copies nothing.
/// </summary>
internal sealed class OnnxRival : IDisposable
{
    private readonly SessionOptions options = OneThread();
    private readonly InferenceSession session;
    private readonly RunOptions run = new();
    private readonly Dictionary<string, OrtValue>[] inputs;
    private readonly string[] outputs;

    public OnnxRival(ModelArtifact artifact, EncodedBatch[] requests, int candidates, string path, bool isSplit, bool isInt8 = false, int threads = 1)
    {
        options.IntraOpNumThreads = threads;
        OnnxModel.Write(artifact, path, isSplit);
        if (isInt8)
        {
            OnnxInt8.Rewrite(path);
        }

        session = new InferenceSession(path, options);
        outputs = [.. artifact.Graph.Outputs.Select(output => output.Name)];
        var feed = new OnnxFeed(artifact, isSplit);
        inputs = [.. requests.Select(request => feed.Read(request, candidates).ToDictionary(tensor => tensor.Name, tensor => tensor.Numbers is { } numbers
            ? OrtValue.CreateTensorValueFromMemory(numbers, tensor.Shape)
            : OrtValue.CreateTensorValueFromMemory(tensor.Integers!, tensor.Shape)))];
    }

    /// <summary>All optimisations, one thread a run.</summary>
    public static SessionOptions OneThread() => new()
    {
        IntraOpNumThreads = 1,
        InterOpNumThreads = 1,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };

    /// <summary>Scores a request.</summary>
    public void Run(int request)
    {
        using var results = session.Run(run, inputs[request], outputs);
    }

    /// <summary>[outputs][candidates].</summary>
    public float[][] Scores(int request)
    {
        using var results = session.Run(run, inputs[request], outputs);
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    public void Dispose()
    {
        foreach (var value in inputs.SelectMany(request => request.Values))
        {
            value.Dispose();
        }

        run.Dispose();
        session.Dispose();
        options.Dispose();
    }
}
