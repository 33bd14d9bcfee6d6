using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ranking.Metrics;

namespace Ranking.Evaluation;

/// <summary>The report as JSON: snake case, the order of the record's properties, numbers to nine decimals.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new NumberConverter(), new IntervalConverter(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void Write(EvaluationReport report, TextWriter writer) => writer.WriteLine(JsonSerializer.Serialize(report, json));

    private sealed class IntervalConverter : JsonConverter<Interval>
    {
        public override Interval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<double[]>(ref reader, options) is [var lower, var upper] ? new Interval(lower, upper) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, Words.Ends(value), options);
    }

    // Nine decimals, so that the last bits of another machine's logarithm change no byte; JSON has no NaN.
    private sealed class NumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override bool HandleNull => true;

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(Math.Round(value, 9));
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
