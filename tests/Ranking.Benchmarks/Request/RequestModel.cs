using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>A version of model R with random weights, published in a store.</summary>
internal static class RequestModel
{
    private const string Version = "000000000001";

    public static void Publish(string root, TrainingModelR model)
    {
        var random = new Random(1);
        var graph = Architecture.Build(model.Spec);
        var content = new ArtifactContent
        {
            Spec = model.Spec,
            Graph = graph,
            Transforms = [],
            Weights = graph.Parameters.ToDictionary(
                parameter => parameter.Name, parameter => Draw(random, parameter.Length, parameter.Rows == 1 ? 0.1 : 1.5 / Math.Sqrt(parameter.Rows))),
            Tables = [.. model.Spec.Schema.Features.Select(feature => Table(random, feature, model.IdsPerTable))],
            Golden = new GoldenSet([], [.. graph.Outputs.Select(output => output.Name)], []),
        };
        var store = new FolderModelStore(root);
        using var staged = store.Stage(model.Spec.Name, Version);
        ArtifactWriter.Write(staged.Folder, content, new ArtifactInfo
        {
            Version = Version,
            TrainedThrough = 1_700_000_000_000,
            Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty),
        });
        staged.Commit();
        store.Promote(model.Spec.Name, Version);
    }

    private static EmbeddingTableData Table(Random random, Feature feature, long ids)
    {
        var hash = new KeyHash(feature.Table!);
        var keys = new ulong[ids + 2];
        for (var id = 0L; id < ids; id++)
            keys[id] = hash.Of(id);
        (keys[^2], keys[^1]) = (KeyHash.Missing(feature.Id), KeyHash.Unknown(feature.Id));
        return new EmbeddingTableData(feature.Table!, TrainingModelR.Dimension, keys, Draw(random, keys.Length * TrainingModelR.Dimension, 0.3));
    }

    private static float[] Draw(Random random, int count, double scale)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
            numbers[i] = (float)(((random.NextDouble() * 2) - 1) * scale);
        return numbers;
    }
}
