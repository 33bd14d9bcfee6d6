using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Evaluation.Tests;

public sealed class ServingScorerTests
{
    [Fact]
    public void Run_PublishedVersion_JudgesWhatTheServerWouldAnswer()
    {
        using var folder = new TemporaryFolder();
        using var model = Publish(folder.Combine("1"));
        var funnel = new Funnel(200, 3);

        var report = new EvaluationRun(ServingScorer.Of(model), new EvaluationOptions())
            .Run(funnel.Set, cancellation: TestContext.Current.CancellationToken);

        var encoder = model.CreateEncoder();
        var batch = encoder.CreateBatch();
        var session = model.CreateSession();
        encoder.Encode(batch, funnel.Examples.AsSpan());
        session.Score(batch);
        var ctr = session.Output(model.Outputs.ToList().FindIndex(output => output.Name == "ctr")).ToArray();
        Assert.True(ctr.Distinct().Count() > 50, "the scores hardly differ");
        Assert.Equal("1", report.Model.Version);
        Assert.Equal(
            Metrics.Auc.Of(ctr, [.. funnel.Examples.Select(example => (example.Labels & Funnel.Click) != 0)]),
            report.Models[0].Outputs[0].Auc, 12);
    }

    // Weights and rows drawn at random: what matters is that both ways through the model agree.
    private static ServingModel Publish(string folder)
    {
        var random = new Random(1);
        var graph = Architecture.Build(Funnel.Spec);
        var content = new ArtifactContent
        {
            Spec = Funnel.Spec,
            Graph = graph,
            Transforms = [],
            Weights = graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => Draw(parameter.Length)),
            Tables = [.. Funnel.Spec.Schema.Features.Where(feature => feature.IsEmbedded).Select(feature => Table(feature, Draw))],
            Golden = new GoldenSet([], [.. graph.Outputs.Select(output => output.Name)], []),
        };
        ArtifactWriter.Write(folder, content, new ArtifactInfo
        {
            Version = "1",
            TrainedThrough = 0,
            Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty),
        });
        return ServingModel.Load(ModelArtifact.Open(folder));

        float[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static EmbeddingTableData Table(Feature feature, Func<int, float[]> draw)
    {
        var hash = new KeyHash(feature.Table!);
        ulong[] keys = [KeyHash.Missing(feature.Id), KeyHash.Unknown(feature.Id), .. Enumerable.Range(0, 60).Select(id => hash.Of(id))];
        return new EmbeddingTableData(feature.Table!, 4, keys, draw(4 * keys.Length));
    }
}
