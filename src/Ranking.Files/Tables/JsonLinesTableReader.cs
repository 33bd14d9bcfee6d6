using System.Text.Json;

namespace Ranking.Files;

/// <summary>One JSON object a line; the first line's keys are the columns.</summary>
internal sealed class JsonLinesTableReader : TableReader
{
    private readonly FileStream file;
    private readonly StreamReader text;
    private readonly TableValue[] values;
    private string? pending;
    private string? fault;
    private long line;

    public JsonLinesTableReader(string path)
        : base(path)
    {
        (file, var stream) = OpenStream(path);
        text = new StreamReader(stream);
        pending = text.ReadLine() ?? throw new TableException($"{path}: empty; give one JSON object a line.");
        try
        {
            using var first = JsonDocument.Parse(pending);
            Columns = [.. first.RootElement.EnumerateObject().Select(property => property.Name)];
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new TableException($"{path}:1: no JSON object: {broken.Message} Its keys name the columns.", broken);
        }

        values = new TableValue[Columns.Length];
    }

    public override long Line => line;

    public override string? Fault => fault;

    public override double Progress => (double)file.Position / file.Length;

    public override TableValue this[int column] => values[column];

    public override void Dispose() => text.Dispose();

    private protected override bool ReadRow()
    {
        var json = pending ?? text.ReadLine();
        pending = null;
        if (json is null)
        {
            return false;
        }

        line++;
        fault = null;
        Array.Clear(values);
        try
        {
            using var row = JsonDocument.Parse(json);
            foreach (var property in row.RootElement.EnumerateObject())
            {
                var column = IndexOf(property.Name);
                if (column >= 0)
                {
                    values[column] = ValueOf(property.Value);
                }
                else
                {
                    fault = $"the key '{property.Name}', which the first line lacks; name every key there (null where empty)";
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            fault = $"no JSON object: {broken.Message}";
        }

        return true;
    }

    private static TableValue ValueOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? TableValue.Of(integer) : TableValue.Of(element.GetDouble()),
        JsonValueKind.True => TableValue.Of(1),
        JsonValueKind.False => TableValue.Of(0),
        JsonValueKind.Null => default,
        JsonValueKind.Array => TableValue.Of([.. element.EnumerateArray().Select(ValueOf)]),
        _ => TableValue.Of(element.ToString()),
    };
}
