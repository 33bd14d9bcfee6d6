using System.Text.Json;
using System.Text.Json.Serialization;
using Ranking.Core;

namespace Ranking.Learning;

/// <summary>The specification as a checkpoint keeps it.</summary>
internal static class SpecJson
{
    private static readonly JsonSerializerOptions options = new()
    {
        Converters = { new SchemaConverter(), new TasksConverter(), new JsonStringEnumConverter() },
    };

    public static JsonElement Write<T>(T value) => JsonSerializer.SerializeToElement(value, options);

    public static T Read<T>(JsonElement json) => json.Deserialize<T>(options)!;

    private sealed class SchemaConverter : JsonConverter<FeatureSchema>
    {
        public override FeatureSchema Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<Feature[]>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, FeatureSchema value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Features, options);
    }

    private sealed class TasksConverter : JsonConverter<TaskSet>
    {
        public override TaskSet Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<RankingTask[]>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, TaskSet value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Tasks, options);
    }
}
