using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Models.Tests;

public sealed class DeltaTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ArtifactContent content = SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.SingleTask));

    private string Base => folder.Combine(SmallModel.Version);

    private string Delta => folder.Combine(SmallDelta.Version);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(RowPrecision.Float32)]
    [InlineData(RowPrecision.Float16)]
    [InlineData(RowPrecision.Int8)]
    public void Open_OfADelta_HasItsRowsAndElseThoseOfItsBase(RowPrecision precision)
    {
        WriteBase(content with { Spec = content.Spec with { Tables = [.. content.Spec.Tables.Select(table => table with { Precision = precision })] } });
        var rows = SmallDelta.Rows(content, seed: 1);
        SmallDelta.Write(Delta, Base, rows);

        using var artifact = ModelArtifact.Open(Delta);

        using var under = ModelArtifact.Open(Base);
        Assert.Equal((SmallDelta.Version, SmallModel.Version), (artifact.Version, artifact.Base!.Version));
        Assert.Equal(under.Weights["tower.ctr.logit.bias"].ToArray(), artifact.Weights["tower.ctr.logit.bias"].ToArray());
        foreach (var (full, own) in content.Tables.Cast<EmbeddingTableData>().Zip(rows))
        {
            var table = artifact.Table(full.Name);
            Assert.Equal((precision, own.Count, full.Count + own.Count), (table.Precision, table.OwnCount, table.Count));
            var visited = new List<ulong>();
            table.VisitOwn((key, row) =>
            {
                Assert.Equal(table.FindOwn(key), row);
                visited.Add(key);
            });
            Assert.Equal(own.Keys.Order(), visited);
            Assert.All(own.Keys.Index(), key => Assert.Equal(TableRows.Rounded(precision, own.Row(key.Index)), table.RowOf(key.Item)));
            Assert.All(full.Keys.Except(own.Keys), key => Assert.Equal(under.Table(full.Name).Find(key), table.Find(key)));
            Assert.All(full.Keys.Except(own.Keys), key => Assert.Equal(under.Table(full.Name).RowOf(key), table.RowOf(key)));
            Assert.Equal(-1, table.Find(12_345));
        }
    }

    [Fact]
    public void Open_OfADeltaWithoutRowsOfSomeTables_HasThoseOfItsBase()
    {
        WriteBase(content);
        SmallDelta.Write(Delta, Base, [.. SmallDelta.Rows(content, seed: 1).Where(table => table.Name.StartsWith("item", StringComparison.Ordinal))]);

        using var artifact = ModelArtifact.Open(Delta);

        Assert.All(artifact.OwnTables, table => Assert.StartsWith("item", table.Name, StringComparison.Ordinal));
        Assert.All(content.Tables, table => Assert.True(artifact.Table(table.Name).Count >= table.Count));
    }

    [Fact]
    public void OpenDelta_OfThatBase_HoldsIt()
    {
        WriteBase(content);
        SmallDelta.Write(Delta, Base, SmallDelta.Rows(content, seed: 1));
        var under = ModelArtifact.Open(Base);

        using var delta = ModelArtifact.OpenDelta(Delta, under);
        under.Dispose();

        var full = (EmbeddingTableData)content.Tables[0];
        Assert.All(full.Keys, key => Assert.Equal(full.Dimension, delta!.Table(full.Name).RowOf(key).Length));
        Assert.Same(under, delta!.Base);
        Assert.Same(under.Spec, delta.Spec);
    }

    [Fact]
    public void OpenDelta_OfAFullVersionOrOneOverAnother_IsNull()
    {
        WriteBase(content);
        SmallDelta.Write(Delta, Base, SmallDelta.Rows(content, seed: 1));
        var other = folder.Combine("other");
        ArtifactWriter.Write(other, SmallModel.Content(content.Spec, seed: 2), SmallModel.Info);
        using var under = ModelArtifact.Open(Base);
        using var another = ModelArtifact.Open(other);

        Assert.Null(ModelArtifact.OpenDelta(other, under));
        Assert.Null(ModelArtifact.OpenDelta(Delta, another));
    }

    [Fact]
    public void Open_BesideAnotherBaseOfThatName_RefusesAndNamesTheBase()
    {
        WriteBase(content);
        SmallDelta.Write(Delta, Base, SmallDelta.Rows(content, seed: 1));
        Directory.Delete(Base, recursive: true);
        WriteBase(SmallModel.Content(content.Spec, seed: 2));

        var fault = Assert.Throws<ArtifactException>(() => ModelArtifact.Open(Delta));

        Assert.Equal("manifest.json", fault.File);
        Assert.Contains($"over another '{SmallModel.Version}'", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterAFlippedByteInAnyFileOfADelta_RefusesAndNamesTheFile()
    {
        WriteBase(content);
        SmallDelta.Write(Delta, Base, SmallDelta.Rows(content, seed: 1));
        using var under = ModelArtifact.Open(Base);
        foreach (var path in Directory.GetFiles(Delta, "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, [.. bytes[..^1], (byte)(bytes[^1] ^ 4)]);
            Assert.Equal(Path.GetRelativePath(Delta, path), Assert.Throws<ArtifactException>(() => ModelArtifact.OpenDelta(Delta, under)).File);
            File.WriteAllBytes(path, bytes);
        }
    }

    [Fact]
    public void Write_WithTheRowForUnknownValues_RefusesAndNamesTheFeature()
    {
        WriteBase(content);
        var row = new EmbeddingTableData("hour@ctr", 3, [KeyHash.Unknown(4)], new float[3]);
        row = content.Tables.Any(table => table.Name == row.Name) ? row : row with { Name = "hour" };

        var fault = Assert.Throws<ArtifactException>(() => SmallDelta.Write(Delta, Base, [row]));

        Assert.Contains("unknown value of feature 4", fault.Reason, StringComparison.Ordinal);
    }

    private void WriteBase(ArtifactContent written)
    {
        ArtifactWriter.Write(Base, written, SmallModel.Info);
        ArtifactWriter.RoundTables(Base);
    }
}
