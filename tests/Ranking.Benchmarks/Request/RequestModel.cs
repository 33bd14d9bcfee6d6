using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>A version of model R with random weights, published in a store.</summary>
internal static class RequestModel
{
    public const string First = "000000000001";
    public const string Second = "000000000002";

    private const int RangeExamples = 2_000;

    /// <summary>Publishes a version, with weights of its own, and points servers to it.</summary>
    public static void Publish(string root, TrainingModelR model, string version = First)
    {
        var random = new Random(int.Parse(version, CultureInfo.InvariantCulture));
        var graph = Architecture.Build(model.Spec);
        var content = new ArtifactContent
        {
            Spec = model.Spec,
            Graph = graph,
            Transforms = [],
            Weights = graph.Parameters.ToDictionary(
                parameter => parameter.Name, parameter => Draw(random, parameter.Length, parameter.Rows == 1 ? 0.1 : 1.5 / Math.Sqrt(parameter.Rows))),
            Tables = [.. model.Spec.Schema.Features.Select(feature => Table(random, feature, model.IdsPerTable, model.Spec.Tables[0].Dimension))],
            Golden = new GoldenSet([], [.. graph.Outputs.Select(output => output.Name)], []),
        };
        var store = new FolderModelStore(root);
        using var staged = store.Stage(model.Spec.Name, version);
        ArtifactWriter.Write(staged.Folder, content, new ArtifactInfo
        {
            Version = version,
            TrainedThrough = 1_700_000_000_000,
            Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty),
        });
        staged.Commit();
        store.Promote(model.Spec.Name, version);
    }

    /// <summary>Has the version that servers are pointed to scored in 8 bits.</summary>
    public static void Quantize(string root, TrainingModelR model)
    {
        var folder = RequestSetting.ServedFolder(root, model);
        using var artifact = ModelArtifact.Open(folder);
        using var serving = ServingModel.Load(ModelArtifact.Open(folder));
        var examples = new DrawnRequests(model, serving).Examples(new Random(7), RangeExamples);
        ArtifactWriter.SetQuantization(folder, new Quantization(QuantizedLayers.RangesOf(artifact, examples), 1));
    }

    private static EmbeddingTableData Table(Random random, Feature feature, long ids, int dimension)
    {
        var hash = new KeyHash(feature.Table!);
        var keys = new ulong[ids + 2];
        for (var id = 0L; id < ids; id++)
            keys[id] = hash.Of(id);
        (keys[^2], keys[^1]) = (KeyHash.Missing(feature.Id), KeyHash.Unknown(feature.Id));
        return new EmbeddingTableData(feature.Table!, dimension, keys, Draw(random, keys.Length * dimension, 0.3));
    }

    private static float[] Draw(Random random, int count, double scale)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
            numbers[i] = (float)(((random.NextDouble() * 2) - 1) * scale);
        return numbers;
    }
}
