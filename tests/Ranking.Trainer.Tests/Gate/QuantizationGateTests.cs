using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class QuantizationGateTests
{
    private const int Items = 40;

    private static readonly ModelSpec Rounded = TinyWorld.Model with
    {
        Tables = [.. TinyWorld.Model.Tables.Select(table => table with { Precision = RowPrecision.Int8 })],
    };

    [Fact]
    public void Judge_RowsThatKeepTheirOrder_SaysNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(Judge(folder, Rows(besides: 0)));
        using var artifact = ModelArtifact.Open(folder.Path);
        Assert.Equal(RowPrecision.Int8, artifact.Table("item").Precision);
    }

    [Fact]
    public void Judge_RowsWhoseOrderIsLost_SaysByHowMuchAndWhatToSet()
    {
        using var folder = new TemporaryFolder();

        // Beside a number that no layer reads, and that takes the integers for itself, the one that decides becomes 0.
        var reasons = Judge(folder, Rows(besides: 1000));

        Assert.Contains("precision of table user, item: ctr's AUC on 80 examples falls from 1.00000 to 0.50000, more than 0.0005; set it to float32", reasons);
    }

    [Fact]
    public void Judge_WithoutExamples_SaysWhatItTakes()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            ["precision of table user, item: there are no examples to measure it on; declare a validation split, or publish later"],
            Judge(folder, Rows(besides: 0), []));
    }

    private static ImmutableArray<string> Judge(TemporaryFolder folder, float[] rows, Example[]? examples = null)
    {
        ArtifactWriter.Write(folder.Path, Content(rows), new ArtifactInfo
        {
            Version = "1",
            TrainedThrough = 0,
            Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty),
        });
        using var exact = ServingModel.Load(ModelArtifact.Open(folder.Path));
        return new QuantizationGate(Rounded).Judge(folder.Path, exact, examples ?? [.. Enumerable.Range(0, 2 * Items).Select(ExampleOf)]);
    }

    // Every second item is clicked on, and its row's first number says so.
    private static float[] Rows(float besides) => [.. Enumerable.Range(0, Items + 2).SelectMany(item => new[] { item % 2 == 0 ? 1f : -1f, 0, 0, besides })];

    private static Example ExampleOf(int number)
    {
        var writer = new FeatureRecordWriter(Rounded.Schema.Fingerprint);
        writer.Write(2, $"{number % Items}");
        return new Example
        {
            Sequence = number,
            EventTime = number,
            Impression = (UInt128)number,
            User = 1,
            Features = new FeatureRecords { Item = writer.ToArray() },
            Labels = number % 2 == 0 ? 1u : 0,
            Observed = 1,
        };
    }

    private static ArtifactContent Content(float[] rows)
    {
        var graph = Architecture.Build(Rounded);
        var weights = graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => new float[parameter.Length]);
        foreach (var layer in graph.Parameters.Where(parameter => parameter.Name.EndsWith(".weight", StringComparison.Ordinal)))
        {
            // Of the inputs, the item's first number alone stands after the user's four.
            var input = layer.Rows > 8 ? 4 : 0;
            weights[layer.Name][input * layer.Columns] = 1;
        }

        var hash = new KeyHash("item");
        ulong[] keys = [.. Enumerable.Range(0, Items).Select(item => hash.Of((long)item)), KeyHash.Missing(2), KeyHash.Unknown(2)];
        return new ArtifactContent
        {
            Spec = Rounded,
            Graph = graph,
            Transforms = [new NumericTransform(3, TransformKind.Standard, [0, 1])],
            Weights = weights,
            Tables = [new EmbeddingTableData("item", 4, keys, rows), new EmbeddingTableData("user", 4, [KeyHash.Missing(1), KeyHash.Unknown(1)], new float[8])],
            Golden = new GoldenSet([], [.. graph.Outputs.Select(output => output.Name)], []),
        };
    }
}
