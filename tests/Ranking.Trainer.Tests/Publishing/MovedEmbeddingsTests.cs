using System.Collections.Immutable;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class MovedEmbeddingsTests : IDisposable
{
    private const string Table = "item";
    private readonly TemporaryFolder folder = new();
    private readonly ArtifactInfo info = new() { Version = "base", TrainedThrough = 0, Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty) };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_RowsOverAFullVersion_AreThoseThatAreOffByMoreThanTheLeastOrNew()
    {
        WriteBase();
        using var served = ModelArtifact.Open(folder.Combine("base"));

        var moved = MovedEmbeddings.Of(Rows((1, 1.0005f), (2, 2.002f), (77, 5)), served);

        Assert.Equal([2, 77], moved.Keys);
        Assert.Equal([2.002f, 0, 0, 0, 5, 0, 0, 0], moved.Rows);
    }

    [Fact]
    public void Of_RowsOverADelta_KeepWhatIsServedUntilItIsOffByMore()
    {
        WriteBase();
        using (var under = ModelArtifact.Open(folder.Combine("base")))
        {
            DeltaWriter.Write(folder.Combine("delta"), under, [Rows((2, 2.002f), (3, 3.1f))], under.Golden, info with { Version = "delta" });
        }

        using var served = ModelArtifact.Open(folder.Combine("delta"));

        var moved = MovedEmbeddings.Of(Rows((1, 1.0005f), (2, 2.0025f), (3, 3.2f)), served);

        Assert.Equal([2, 3], moved.Keys);
        Assert.Equal([2.002f, 0, 0, 0, 3.2f, 0, 0, 0], moved.Rows);
    }

    private static EmbeddingTableData Rows(params (ulong Key, float First)[] rows) =>
        new(Table, 4, [.. rows.Select(row => row.Key)], [.. rows.SelectMany(row => new[] { row.First, 0, 0, 0 })]);

    private void WriteBase()
    {
        var graph = Architecture.Build(TinyWorld.Model);
        var reserved = graph.Nodes.OfType<TableNode>().ToLookup(node => node.Table, node => node.FeatureId);
        EmbeddingTableData Full(string name)
        {
            ulong[] keys = [.. reserved[name].Distinct().SelectMany(feature => new[] { Core.KeyHash.Missing(feature), Core.KeyHash.Unknown(feature) }), 1, 2, 3];
            return new EmbeddingTableData(name, 4, keys, [.. keys.SelectMany(key => new[] { key <= 3 ? key : 0f, 0, 0, 0 })]);
        }

        ArtifactWriter.Write(folder.Combine("base"), new ArtifactContent
        {
            Spec = TinyWorld.Model,
            Graph = graph,
            Transforms = [new Core.NumericTransform(3, Core.TransformKind.Standard, [0, 1])],
            Weights = graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => new float[parameter.Length]),
            Tables = [Full("user"), Full(Table)],
            Golden = new GoldenSet([], [.. graph.Outputs.Select(output => output.Name)], []),
        }, info);
    }
}
