using CsCheck;
using Ranking.Testing;

namespace Ranking.Models.Tests;

public sealed class MappedEmbeddingTableTests
{
    [Fact]
    public void Find_OfAnyKeys_GivesTheirRowsAndNoOthers() => Gen.Select(
        Gen.OneOf(Gen.ULong, Gen.ULong[0, 50], Gen.ULong[ulong.MaxValue - 50, ulong.MaxValue]).HashSet[0, 200], Gen.Int[1, 20], Gen.ULong.Array[20]).Sample(
        (set, dimension, others) =>
        {
            using var folder = new TemporaryFolder();
            Directory.CreateDirectory(folder.Combine("embeddings"));
            ulong[] keys = [.. set];
            float[] rows = [.. Enumerable.Range(0, keys.Length * dimension).Select(i => (float)i)];
            EmbeddingFileWriter.Write(folder.Path, new EmbeddingTableData("a table/of @ids", dimension, keys, rows), []);

            using var table = new MappedEmbeddingTable(folder.Path, "a table/of @ids");

            Assert.Equal((keys.Length, dimension), (table.Count, table.Dimension));
            for (var i = 0; i < keys.Length; i++)
            {
                Assert.Equal(rows[(i * dimension)..((i + 1) * dimension)], table.RowOf(keys[i]));
            }

            Assert.All(others.Concat([0ul, ulong.MaxValue]).Where(key => !set.Contains(key)), key => Assert.Equal(-1, table.Find(key)));
        },
        iter: 100);

    [Fact]
    public void Write_WithOneKeyTwice_NamesTheKey()
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Throws<ArtifactException>(() => EmbeddingFileWriter.Write(folder.Path, new EmbeddingTableData("item", 1, [7, 3, 7], [1, 2, 3]), []));

        Assert.Equal("embeddings/item.index: two rows have the key 0000000000000007.", fault.Message);
    }
}
