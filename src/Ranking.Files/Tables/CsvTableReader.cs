using CsvHelper;

namespace Ranking.Files;

/// <summary>RFC 4180 text: a header line, commas, quotes where needed.</summary>
internal sealed class CsvTableReader : TableReader
{
    private readonly FileStream file;
    private readonly CsvReader reader;
    private string? fault;

    public CsvTableReader(string path)
        : base(path)
    {
        (file, var stream) = OpenStream(path);
        reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            PoolStrings = true,
            OnMalformedRecord = bad => fault = bad.Reason == CsvMalformedReason.FieldCountMismatch ? null : "quotes that do not match; double every quote inside a quoted value",
        });
        Columns = reader.Headers is { Count: > 0 } headers ? [.. headers] : throw new TableException($"{path}: empty; the first line must name the columns.");
    }

    public override long Line => reader.LineNumber;

    public override string? Fault => fault;

    public override double Progress => (double)file.Position / file.Length;

    public override TableValue this[int column] => TableValue.Of(reader.GetString(column));

    public override void Dispose() => reader.Dispose();

    private protected override bool ReadRow()
    {
        fault = null;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.FieldCount != Columns.Length)
        {
            fault = $"{reader.FieldCount} values where the header names {Columns.Length} columns; complete the row or quote its commas";
        }

        return true;
    }
}
