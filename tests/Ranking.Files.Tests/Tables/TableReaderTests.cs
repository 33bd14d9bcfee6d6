using System.IO.Compression;
using System.Text;
using Parquet;
using Parquet.Schema;
using Ranking.Testing;

namespace Ranking.Files.Tests;

public sealed class TableReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Read_Csv_GivesQuotedEmptyAndPlainCellsWithTheirLines()
    {
        using var table = TableReader.Open(Write("t.csv", "id,text,n\n1,\"a, \"\"b\"\"\nc\",1.5\n2,,\n"));

        Assert.Equal(["id", "text", "n"], table.Columns);
        Assert.True(table.Read());
        Assert.Equal(("1", "a, \"b\"\nc", "1.5"), (table[0].ToString(), table[1].ToString(), table[2].ToString()));
        Assert.Equal((0, 2), (table.Row, table.Line));
        Assert.True(table.Read());
        Assert.Equal((true, true, 4L), (table[1].IsMissing, table[2].IsMissing, table.Line));
        Assert.False(table.Read());
        Assert.Equal(1, table.Progress);
    }

    [Fact]
    public void Read_GzippedCsv_IsTheSameAsPlain()
    {
        using (var gzip = new GZipStream(File.Create(folder.Combine("t.csv.gz")), CompressionLevel.Fastest))
        {
            gzip.Write("a,b\n1,2\n"u8);
        }

        using var table = TableReader.Open(folder.Combine("t.csv.gz"));
        Assert.True(table.Read());
        Assert.Equal("2", table[1].ToString());
    }

    [Fact]
    public void Read_CsvRowsOfAnotherLength_AreFaults()
    {
        using var table = TableReader.Open(Write("t.csv", "a,b\n1\n1,2,3\n1,2\n"));

        Assert.Equal([true, true, false], Rows(table).Select(row => row.Fault is not null));
    }

    [Fact]
    public void Read_JsonLines_GivesTypedCellsAndLists()
    {
        using var table = TableReader.Open(Write("t.jsonl", "{\"a\":1,\"b\":[\"x\",2],\"c\":true,\"d\":null}\n{\"a\":1.5,\"b\":[],\"d\":\"t\"}\n{\"a\":2,\"zz\":1}\nno\n"));

        Assert.True(table.Read());
        Assert.True(table[0].TryGetInteger(out var one));
        Assert.Equal((1, 2, "1", true), (one, table[1].Items!.Count, table[2].ToString(), table[3].IsMissing));
        Assert.True(table.Read());
        Assert.True(table[0].TryGetNumber(out var number));
        Assert.Equal((1.5, true, "t"), (number, table[2].IsMissing, table[3].ToString()));
        Assert.True(table.Read());
        Assert.Contains("'zz'", table.Fault, StringComparison.Ordinal);
        Assert.True(table.Read());
        Assert.Contains("no JSON object", table.Fault, StringComparison.Ordinal);
        Assert.Equal(4, table.Line);
    }

    [Fact]
    public async Task Read_Parquet_GivesTypedCellsOfAllRowGroups()
    {
        var path = folder.Combine("t.parquet");
        await WriteParquet(path);

        using var table = TableReader.Open(path);
        Assert.Equal(["id", "price", "name", "hot", "n"], table.Columns);
        var read = Rows(table).Select(row => string.Join('|', row.Cells)).ToList();
        Assert.Equal(["0|1.5|a|1|", "1||b|0|7", "2|1.5|a|1|", "3||b|0|7"], read);
    }

    [Theory]
    [InlineData("t.xlsx", "no known format")]
    [InlineData("missing.csv", "cannot be read")]
    [InlineData("empty.csv", "the first line must name the columns")]
    [InlineData("empty.jsonl", "one JSON object a line")]
    [InlineData("broken.jsonl", "no JSON object")]
    [InlineData("broken.parquet", "cannot be read")]
    public void Open_UnusableFile_SaysWhy(string name, string message)
    {
        Write("t.xlsx", "x");
        Write("empty.csv", "");
        Write("empty.jsonl", "");
        Write("broken.jsonl", "[1");
        Write("broken.parquet", "not a parquet file at all");

        Assert.Contains(message, Assert.Throws<TableException>(() => TableReader.Open(folder.Combine(name))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static async Task WriteParquet(string path)
    {
        var schema = new ParquetSchema(new DataField<long>("id"), new DataField<double?>("price"), new DataField<string>("name"), new DataField<bool>("hot"), new DataField<int?>("n"));
        await using (var file = File.Create(path))
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            for (var group = 0; group < 2; group++)
            {
                using var rows = writer.CreateRowGroup();
                var fields = schema.GetDataFields();
                await rows.WriteAsync<long>(fields[0], new long[] { group * 2, (group * 2) + 1 });
                await rows.WriteAsync<double>(fields[1], new double?[] { 1.5, null });
                await rows.WriteAsync(fields[2], new[] { "a", "b" });
                await rows.WriteAsync<bool>(fields[3], new[] { true, false });
                await rows.WriteAsync<int>(fields[4], new int?[] { null, 7 });
            }
        }
    }

    private static List<(string? Fault, string[] Cells)> Rows(TableReader table)
    {
        var rows = new List<(string?, string[])>();
        while (table.Read())
        {
            rows.Add((table.Fault, table.Fault is null ? [.. table.Columns.Select((_, column) => table[column].ToString())] : []));
        }

        return rows;
    }

    private string Write(string name, string text)
    {
        File.WriteAllBytes(folder.Combine(name), Encoding.UTF8.GetBytes(text));
        return folder.Combine(name);
    }
}
