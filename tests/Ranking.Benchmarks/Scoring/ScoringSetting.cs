using System.Diagnostics;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>A model with requests to it, the engine without and with kept items, and ONNX Runtime with the same weights.</summary>
internal sealed class ScoringSetting : IDisposable
{
    /// <summary>How many requests a time is the mean of.</summary>
    public const int Requests = 16;

    private const double WarmShare = 0.95;
    private const long ItemCacheBytes = 400_000_000;

    private readonly TemporaryFolder folder = new();
    private readonly TrainingModelR model;
    private readonly DrawnRequests drawn;
    private EncodedBatch[] mostlyKnown = [];

    public ScoringSetting(TrainingModelR model)
    {
        this.model = model;
        RequestModel.Publish(folder.Path, model);
        Artifact = ModelArtifact.Open(Version);
        Engine = ServingModel.Load(ModelArtifact.Open(Version));
        Caching = ServingModel.Load(ModelArtifact.Open(Version), ItemCacheBytes);
        drawn = new DrawnRequests(model, Engine);
        All = [.. Enumerable.Range(0, Requests).Select(seed => drawn.Draw(new Random(seed), knownShare: 0))];
        Plain = Onnx("plain");
        Split = Onnx("split", isSplit: true);
    }

    public ModelArtifact Artifact { get; }

    public ServingModel Engine { get; }

    /// <summary>The same, with items kept.</summary>
    public ServingModel Caching { get; }

    /// <summary>The requests that all but the warm engine score.</summary>
    public EncodedBatch[] All { get; }

    /// <summary>A: the user's inputs repeated.</summary>
    public OnnxRival Plain { get; }

    /// <summary>B: the user's part once a request.</summary>
    public OnnxRival Split { get; }

    private string Version => RequestSetting.ServedFolder(folder.Path, model);

    public OnnxRival Onnx(string name, bool isSplit = false, bool isInt8 = false, int threads = 1) =>
        new(Artifact, All, DrawnRequests.Candidates, folder.Combine($"{name}.onnx"), isSplit, isInt8, threads);

    /// <summary>The same version in 8 bits, with items kept.</summary>
    public ServingModel Quantized()
    {
        RequestModel.Quantize(folder.Path, model);
        return ServingModel.Load(ModelArtifact.Open(Version), ItemCacheBytes);
    }

    /// <summary>Draws the warm engine's requests of a round: most of their items were in an earlier round's.</summary>
    public void Begin(int round)
    {
        var fresh = new Random(1000 + round);
        mostlyKnown = [.. Enumerable.Range(0, Requests).Select(_ => drawn.Draw(fresh, WarmShare))];
    }

    /// <summary>Has the engine and the two graphs of ONNX Runtime take part.</summary>
    public void Enter(Contest contest)
    {
        var (session, warm) = (Engine.CreateSession(), Caching.CreateSession());
        contest.Add("engine", () => Time(number => session.Score(All[number])));
        contest.Add("engine_warm", () => Time(number => warm.Score(mostlyKnown[number])));
        contest.Add("ort", () => Time(Plain.Run));
        contest.Add("ort_split", () => Time(Split.Run));
    }

    /// <summary>Seconds a request.</summary>
    public static double Time(Action<int> score)
    {
        var start = Stopwatch.GetTimestamp();
        for (var number = 0; number < Requests; number++)
        {
            score(number);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / Requests;
    }

    public void Dispose()
    {
        Split.Dispose();
        Plain.Dispose();
        Caching.Dispose();
        Engine.Dispose();
        Artifact.Dispose();
        folder.Dispose();
    }
}
