using System.Text;
using CsCheck;
using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Files.Tests;

public sealed class RecordCellsTests
{
    [Theory]
    [InlineData(FeatureKind.Categorical, "39", FeatureValueType.Integer)]
    [InlineData(FeatureKind.Categorical, "-4", FeatureValueType.Integer)]
    [InlineData(FeatureKind.Categorical, "039", FeatureValueType.Text)]
    [InlineData(FeatureKind.Categorical, "+39", FeatureValueType.Text)]
    [InlineData(FeatureKind.Categorical, "39.0", FeatureValueType.Text)]
    [InlineData(FeatureKind.Categorical, "Not in universe", FeatureValueType.Text)]
    [InlineData(FeatureKind.Categorical, "?", FeatureValueType.Text)]
    [InlineData(FeatureKind.Numeric, "7", FeatureValueType.Integer)]
    [InlineData(FeatureKind.Numeric, "1e-3", FeatureValueType.Number)]
    [InlineData(FeatureKind.List, "a;b", FeatureValueType.TextList)]
    [InlineData(FeatureKind.WeightedList, "a:0.5;b:c:2", FeatureValueType.WeightedTextList)]
    public void Write_Cell_HasTheTypeThatItsFeatureAndTextAskFor(FeatureKind kind, string cell, FeatureValueType expected)
    {
        var (record, fault) = Write(kind, cell);

        var reader = new FeatureRecordReader(record);
        Assert.True(reader.Read());
        Assert.Equal((expected, null), (reader.Type, fault));
    }

    [Theory]
    [InlineData(FeatureKind.Numeric, "seven")]
    [InlineData(FeatureKind.Numeric, "Infinity")]
    [InlineData(FeatureKind.WeightedList, "a:0.5;b")]
    [InlineData(FeatureKind.WeightedList, "a:heavy")]
    public void Write_CellThatItsFeatureDoesNotTake_IsAFault(FeatureKind kind, string cell) =>
        Assert.Contains($"'{cell}' in the column 'value'", Write(kind, cell).Fault, StringComparison.Ordinal);

    [Fact]
    public void Write_EmptyCell_IsNoValue() => Assert.Equal(([], null), Write(FeatureKind.Numeric, ""));

    [Fact]
    public void Write_AnyId_HasTheKeyOfItsText() =>
        Gen.String[Gen.Char["0123456789-+. ab"], 1, 6].Where(id => id.Trim() == id).Sample(id =>
        {
            var record = Write(FeatureKind.Categorical, id).Record;
            var schema = Schema(FeatureKind.Categorical);
            var encoder = new FeatureEncoder(schema, [], serving: false);
            var batch = encoder.CreateBatch();
            encoder.Encode(batch, 0, record, default, [], []);
            Assert.Equal(new KeyHash("value").Of(Encoding.UTF8.GetBytes(id)), batch[FeatureScope.User].Columns[0].Keys[0]);
        }, iter: 200);

    private static FeatureSchema Schema(FeatureKind kind) => new(
        [new Feature { Id = 1, Name = "value", Kind = kind, Scope = FeatureScope.User, Table = kind == FeatureKind.Numeric ? null : "value" }]);

    private static (byte[] Record, string? Fault) Write(FeatureKind kind, string cell)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("t.csv"), $"id,value\n1,{cell}\n");
        using var table = TableReader.Open(folder.Combine("t.csv"));
        Assert.True(table.Read());
        string? fault = null;
        return (new RecordCells(table, Schema(kind), [new FeatureColumn(1, SourceTable.Users, "value", ";")]).Write(ref fault), fault);
    }
}
