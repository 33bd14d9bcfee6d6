using System.Text;
using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Models.Tests;

public sealed class ModelArtifactTests
{
    private static readonly ModelSpec spec = SmallModel.Spec(ArchitectureKind.SingleTask);

    [Fact]
    public void Open_OfWrittenVersion_GivesAllOfItBack()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(spec);
        ArtifactWriter.Write(folder.Path, content, SmallModel.Info);

        using var artifact = ModelArtifact.Open(folder.Path);

        Assert.Equal(SmallModel.Info.Positions, artifact.Manifest.Info.Positions);
        Assert.Equal(SmallModel.Info.Gate.Metrics, artifact.Manifest.Info.Gate.Metrics);
        Assert.Equal(ModelJson.Write(spec), ModelJson.Write(artifact.Spec));
        Assert.Equal(ModelJson.Write(content.Graph), ModelJson.Write(artifact.Graph));
        Assert.Equal(SmallModel.Transforms.Select(t => t.FeatureId), artifact.Transforms.Select(t => t.FeatureId));
        Assert.Equal(SmallModel.Transforms[0].Parameters, artifact.Transforms[0].Parameters);
        Assert.Equal(SmallModel.Transforms.Select(t => t.Bins?.AsEnumerable()), artifact.Transforms.Select(t => t.Bins?.AsEnumerable()));
        Assert.Equal(content.Weights.OrderBy(pair => pair.Key), artifact.Weights.Names.Order().Select(name => KeyValuePair.Create(name, artifact.Weights[name].ToArray())));
        foreach (var source in content.Tables.Cast<EmbeddingTableData>())
        {
            var table = artifact.Table(source.Name);
            Assert.Equal(source.Count, table.Count);
            Assert.All(source.Keys.Select((key, place) => (key, place)), row => Assert.Equal(source.Row(row.place), table.RowOf(row.key)));
        }
    }

    [Theory]
    [InlineData(RowPrecision.Float16)]
    [InlineData(RowPrecision.Int8)]
    public void RoundTables_OfDeclaredTables_RoundsTheirCopiesAlone(RowPrecision precision)
    {
        using var folder = new TemporaryFolder();
        // Each task has tables of its own, and the sequence reads the items'.
        var spec = SmallModel.SpecWithSequence(ArchitectureKind.SingleTask);
        var content = SmallModel.Content(spec with { Tables = [.. spec.Tables.Select(table => table.Name == "item" ? table with { Precision = precision } : table)] });
        ArtifactWriter.Write(folder.Path, content, SmallModel.Info);
        using var before = ModelArtifact.Open(folder.Path);

        ArtifactWriter.RoundTables(folder.Path);

        using var after = ModelArtifact.Open(folder.Path);
        foreach (var source in content.Tables.Cast<EmbeddingTableData>())
        {
            var isRounded = source.Name.StartsWith("item@", StringComparison.Ordinal);
            Assert.Equal(isRounded ? precision : RowPrecision.Float32, after.Table(source.Name).Precision);
            Assert.All(source.Keys.Index(), key => Assert.Equal(source.Row(key.Index), before.Table(source.Name).RowOf(key.Item)));
            Assert.All(source.Keys.Index(), key => Assert.Equal(
                isRounded ? TableRows.Rounded(precision, source.Row(key.Index)) : source.Row(key.Index).ToArray(), after.Table(source.Name).RowOf(key.Item)));
        }

        Assert.Equal(2, content.Tables.Count(source => source.Name.StartsWith("item@", StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_TwiceWithRowsInAnotherOrder_GivesTheSameBytes()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        var content = SmallModel.Content(spec);
        ArtifactWriter.Write(first.Path, content, SmallModel.Info);
        ArtifactWriter.Write(second.Path, content with { Tables = [.. content.Tables.Reverse().Select(Reversed)] }, SmallModel.Info);

        Assert.Equal(
            Files(first.Path).Select(file => (file, Convert.ToHexString(File.ReadAllBytes(first.Combine(file))))),
            Files(second.Path).Select(file => (file, Convert.ToHexString(File.ReadAllBytes(second.Combine(file))))));
    }

    [Fact]
    public void Open_AfterAFlippedByteInAnyFile_RefusesAndNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        ArtifactWriter.Write(folder.Path, SmallModel.Content(spec), SmallModel.Info);
        var random = new Random(1);
        foreach (var file in Files(folder.Path))
        {
            var path = folder.Combine(file);
            var bytes = File.ReadAllBytes(path);
            for (var i = 0; i < 20; i++)
            {
                var damaged = bytes.ToArray();
                damaged[i switch { 0 => 0, 1 => bytes.Length - 1, _ => random.Next(bytes.Length) }] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, damaged);
                Assert.Equal(file, Assert.Throws<ArtifactException>(() => ModelArtifact.Open(folder.Path).Dispose()).File);
            }

            File.WriteAllBytes(path, bytes);
        }
    }

    [Fact]
    public void Open_WithAFileMissingOrCutShort_RefusesAndNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        ArtifactWriter.Write(folder.Path, SmallModel.Content(spec), SmallModel.Info);
        foreach (var file in Files(folder.Path))
        {
            var bytes = File.ReadAllBytes(folder.Combine(file));
            File.WriteAllBytes(folder.Combine(file), bytes[..^1]);
            Assert.Equal(file, Assert.Throws<ArtifactException>(() => ModelArtifact.Open(folder.Path, ArtifactCheck.Lengths).Dispose()).File);
            File.Delete(folder.Combine(file));
            Assert.Equal(file, Assert.Throws<ArtifactException>(() => ModelArtifact.Open(folder.Path, ArtifactCheck.Lengths).Dispose()).File);
            File.WriteAllBytes(folder.Combine(file), bytes);
        }
    }

    [Fact]
    public void Write_WithoutAnUnknownRow_NamesTheFeature()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(spec);
        var tables = content.Tables.Cast<EmbeddingTableData>().Select(table => table with { Keys = [.. table.Keys.Select(key => key == KeyHash.Unknown(5) ? 1 : key)] });

        var fault = Assert.Throws<ArtifactException>(() => ArtifactWriter.Write(folder.Path, content with { Tables = [.. tables] }, SmallModel.Info));

        Assert.Contains("an unknown 'item'", fault.Reason, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Combine("manifest.json")));
    }

    [Fact]
    public void Write_WithoutAWeight_NamesIt()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(spec);

        var fault = Assert.Throws<ArtifactException>(() => ArtifactWriter.Write(
            folder.Path, content with { Weights = content.Weights.Where(pair => pair.Key != "tower.ctr.0.bias").ToDictionary() }, SmallModel.Info));

        Assert.Contains("'tower.ctr.0.bias' has no numbers", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OfWeights_IsASafetensorsFile()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(spec);
        ArtifactWriter.Write(folder.Path, content, SmallModel.Info);

        var bytes = File.ReadAllBytes(folder.Combine("weights.safetensors"));

        var header = Encoding.UTF8.GetString(bytes.AsSpan(8, (int)BitConverter.ToInt64(bytes)));
        var numbers = content.Graph.Parameters.Sum(parameter => parameter.Length);
        Assert.Equal(8 + header.Length + (4 * numbers), bytes.Length);
        Assert.Equal(0, header.Length % 8);
        Assert.Contains("\"bottom.ctr.0.bias\":{\"dtype\":\"F32\",\"shape\":[1,37],\"data_offsets\":[0,148]}", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WithGoldenRows_GivesThemBack()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(spec);
        var rows = GoldenRows.Choose(spec.Schema, []);
        float[] scores = [.. Enumerable.Range(0, rows.Length * content.Golden.Outputs.Length).Select(i => i / 7f)];
        ArtifactWriter.Write(folder.Path, content with { Golden = content.Golden with { Rows = rows, Scores = [.. scores] } }, SmallModel.Info);

        using var artifact = ModelArtifact.Open(folder.Path);

        Assert.Equal(scores, artifact.Golden.Scores);
        Assert.Equal(content.Golden.Outputs, artifact.Golden.Outputs);
        Assert.Equal(rows.Select(row => Convert.ToHexString(row.Features.Item.Span)), artifact.Golden.Rows.Select(row => Convert.ToHexString(row.Features.Item.Span)));
    }

    private static EmbeddingTableData Reversed(IEmbeddingSource source)
    {
        var keys = new ulong[source.Count];
        source.CopyKeys(keys);
        Array.Reverse(keys);
        return new EmbeddingTableData(
            source.Name, source.Dimension, keys, [.. Enumerable.Range(0, source.Count).Reverse().SelectMany(place => source.Row(place).ToArray())]);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal);
}
