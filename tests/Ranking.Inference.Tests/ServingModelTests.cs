using Ranking.Core;
using Ranking.Models;
using Ranking.Models.Tests;
using Ranking.Testing;

namespace Ranking.Inference.Tests;

public sealed class ServingModelTests
{
    public static MatrixTheoryData<ArchitectureKind, bool> Networks => new(Enum.GetValues<ArchitectureKind>(), [false, true]);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Load_WithGoldenScoresOfTheReference_AgreesOnEveryRow(ArchitectureKind kind, bool interacts)
    {
        using var folder = new TemporaryFolder();
        var content = WithGolden(SmallModel.Content(SmallModel.SpecWithSequence(kind, keepNegatives: 0.25f, interacts)));

        using var model = Requests.Serve(folder, content, Machine.Widest);

        Assert.Equal(["ctr_logit", "ctr", "cvr_logit", "cvr", "ctcvr"], model.Outputs.Select(output => output.Name));
        Assert.Equal(SmallModel.Version, model.Version);
        var logits = content.Golden.Scores.Where((_, i) => i % 5 == 0).ToArray();
        Assert.True(logits.Max() - logits.Min() > 0.5, "scores that hardly differ would prove little");
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt, null)]
    [InlineData(CalibrationMethod.Platt, 1)]
    [InlineData(CalibrationMethod.Isotonic, 4)]
    [InlineData(CalibrationMethod.Isotonic, 5)]
    public void Load_CalibratedWithGoldenScoresOfTheReference_AgreesOnEveryRow(CalibrationMethod method, int? by)
    {
        using var folder = new TemporaryFolder();
        var calibration = new CalibrationSpec { Method = method, By = by, Knots = 6, Slices = 20 };
        var content = SmallModel.Content(SmallModel.Spec(ArchitectureKind.SharedBottom) with { Calibration = [calibration, calibration] });
        Calibrate(content);

        using var model = Requests.Serve(folder, WithGolden(content), Machine.Widest);

        Assert.Equal(["ctr_logit", "ctr", "cvr_logit", "cvr", "ctcvr"], model.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void Load_WithAGoldenScoreOff_NamesRowOutputExpectedAndFound()
    {
        using var folder = new TemporaryFolder();
        var content = WithGolden(SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.Mmoe)));
        var scores = content.Golden.Scores;
        content = content with { Golden = content.Golden with { Scores = scores.SetItem((3 * 5) + 4, scores[(3 * 5) + 4] + 2e-5f) } };

        var fault = Assert.Throws<ArtifactException>(() => Requests.Serve(folder, content, Machine.Widest));

        Assert.Equal("golden.bin", fault.File);
        Assert.StartsWith("row 3, output 'ctcvr': expected 0.", fault.Reason, StringComparison.Ordinal);
        Assert.Contains("found 0.", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithWeightsThatAreNotFinite_Refuses()
    {
        using var folder = new TemporaryFolder();
        var content = WithGolden(SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.Mmoe)));
        content.Weights["tower.cvr.logit.bias"][0] = float.NaN;

        Assert.Contains("output 'cvr_logit'", Assert.Throws<ArtifactException>(() => Requests.Serve(folder, content, Machine.Widest)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ResidentBytes_AreWeightsAndTables()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.SharedBottom));

        using var model = Requests.Serve(folder, content, Machine.Widest);

        var tables = Directory.GetFiles(folder.Combine("embeddings")).Sum(file => new FileInfo(file).Length);
        Assert.Equal(tables + (4 * content.Graph.Parameters.Sum(parameter => parameter.Length)), model.ResidentBytes);
    }

    /// <summary>Maps that rise at random, for the ids from 0 on and for the value missing.</summary>
    private static void Calibrate(ArtifactContent content)
    {
        var random = new Random(3);
        foreach (var node in content.Graph.Nodes.OfType<CalibrationNode>())
        {
            var maps = content.Weights[node.Maps];
            var width = content.Graph.Parameters.First(parameter => parameter.Name == node.Maps).Columns;
            for (var at = 0; at < maps.Length; at++)
            {
                var rises = node.Method == CalibrationMethod.Isotonic && at % (width / 2) > 0;
                maps[at] = rises ? maps[at - 1] + 0.1f + random.NextSingle() : (random.NextSingle() * 2) - (at % width == 0 && width > 2 ? 2 : 0.5f);
            }

            for (var slice = 0; node.Slices is { } name && slice < content.Weights[name].Length / 4; slice++)
            {
                var feature = content.Spec.Schema.Features[content.Spec.Schema.SlotOf(node.FeatureId)];
                CalibrationMap.WriteKey(slice == 0 ? KeyHash.Missing(feature.Id) : new KeyHash(feature.Table!).Of(slice), content.Weights[name].AsSpan(slice * 4, 4));
            }
        }
    }

    /// <summary>Golden rows from random examples and the four special ones, scored in double precision.</summary>
    internal static ArtifactContent WithGolden(ArtifactContent content)
    {
        var (schema, random) = (content.Spec.Schema, new Random(5));
        var examples = Enumerable.Range(0, 28).Select(i => new Example
        {
            Sequence = i,
            EventTime = DrawnRecords.EventTime + (i * 1_800_000L),
            Impression = (UInt128)i,
            User = 1,
            Features = DrawnRecords.Draw(schema, random),
            Labels = 0,
            Observed = 0,
        }).ToArray();
        var rows = GoldenRows.Choose(schema, examples);
        var encoder = new FeatureEncoder(schema, content.Transforms, serving: true);
        var batch = encoder.CreateBatch();
        var scores = rows.SelectMany(row =>
        {
            encoder.Encode(batch, row.EventTime, row.Features.User, row.Features.Context, [row.Features.Item], [row.Features.Pair]);
            return ReferenceScorer.Score(content, batch).Select(score => (float)score);
        });
        return content with { Golden = content.Golden with { Rows = rows, Scores = [.. scores] } };
    }
}
