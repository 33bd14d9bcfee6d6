using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;
using Ranking.Models.Tests;
using Ranking.Testing;

namespace Ranking.Inference.Tests;

/// <summary>Requests to the small model.</summary>
internal static class Requests
{
    /// <summary>Writes the content to the folder and serves it.</summary>
    public static ServingModel Serve(TemporaryFolder folder, ArtifactContent content, VectorWidth width)
    {
        ArtifactWriter.Write(folder.Path, content, SmallModel.Info);
        return ServingModel.Load(ModelArtifact.Open(folder.Path), width);
    }

    /// <summary>
    /// The same in fewer bits, with the ranges of drawn examples where layers have 8, its tables' rows rounded to 16 and 8 by
    /// turns where that is asked for.
    /// </summary>
    public static ServingModel ServeRounded(
        TemporaryFolder folder, ArtifactContent content, VectorWidth width, ScoringPrecision precision = ScoringPrecision.Int8, bool roundsTables = false)
    {
        var tables = content.Spec.Tables.Index().Select(table => table.Item with { Precision = table.Index % 2 == 0 ? RowPrecision.Float16 : RowPrecision.Int8 });
        var spec = content.Spec with { Precision = precision, Tables = roundsTables ? [.. tables] : content.Spec.Tables };
        ArtifactWriter.Write(folder.Path, content with { Spec = spec }, SmallModel.Info);
        ArtifactWriter.RoundTables(folder.Path);
        var random = new Random(17);
        using (var artifact = ModelArtifact.Open(folder.Path))
        {
            var examples = Enumerable.Range(0, 600).Select(number => ExampleOf(DrawnRecords.Draw(spec.Schema, random), number));
            var ranges = precision == ScoringPrecision.Int8 ? QuantizedLayers.RangesOf(artifact, examples) : ImmutableSortedDictionary<string, float>.Empty;
            ArtifactWriter.SetQuantization(folder.Path, new Quantization(ranges, 1));
        }

        return ServingModel.Load(ModelArtifact.Open(folder.Path), width);
    }

    /// <summary>An impression without labels.</summary>
    public static Example ExampleOf(FeatureRecords features, int number) => new()
    {
        Sequence = number,
        EventTime = DrawnRecords.EventTime,
        Impression = (UInt128)number,
        User = 1,
        Features = features,
        Labels = 0,
        Observed = 0,
    };

    /// <summary>The scores of a request: [outputs][candidates].</summary>
    public static float[][] Score(ServingModel model, FeatureRecords user, IReadOnlyList<FeatureRecords> candidates)
    {
        var session = Run(model, user, candidates);
        return [.. model.Outputs.Select((_, index) => session.Output(index).ToArray())];
    }

    /// <summary>[candidates] whose item the model does not know.</summary>
    public static bool[] UnknownItems(ServingModel model, IReadOnlyList<FeatureRecords> candidates) => Run(model, candidates[0], candidates).UnknownItems.ToArray();

    private static ScoringSession Run(ServingModel model, FeatureRecords user, IReadOnlyList<FeatureRecords> candidates)
    {
        var (encoder, session) = (model.CreateEncoder(), model.CreateSession());
        var batch = encoder.CreateBatch();
        encoder.Encode(
            batch, DrawnRecords.EventTime, user.User, user.Context,
            candidates.Select(candidate => candidate.Item).ToArray(), candidates.Select(candidate => candidate.Pair).ToArray());
        session.Score(batch);
        return session;
    }
}
