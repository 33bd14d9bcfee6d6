using System.Text.Json;
using System.Text.Json.Serialization;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>How the artifact's types stand in JSON. Unknown properties are errors: a newer format has a newer number.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(FeatureSchemaConverter), typeof(TaskSetConverter)])]
[JsonSerializable(typeof(ModelSpec))]
[JsonSerializable(typeof(GraphFile))]
[JsonSerializable(typeof(ArtifactManifest))]
[JsonSerializable(typeof(SignedManifest))]
[JsonSerializable(typeof(Feature[]))]
[JsonSerializable(typeof(RankingTask[]))]
internal sealed partial class ArtifactJson : JsonSerializerContext;

/// <summary>A schema is its features.</summary>
internal sealed class FeatureSchemaConverter : JsonConverter<FeatureSchema>
{
    public override FeatureSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize(ref reader, ArtifactJson.Default.FeatureArray) ?? []);

    public override void Write(Utf8JsonWriter writer, FeatureSchema value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value.Features], ArtifactJson.Default.FeatureArray);
}

/// <summary>A task set is its tasks.</summary>
internal sealed class TaskSetConverter : JsonConverter<TaskSet>
{
    public override TaskSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize(ref reader, ArtifactJson.Default.RankingTaskArray) ?? []);

    public override void Write(Utf8JsonWriter writer, TaskSet value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value.Tasks], ArtifactJson.Default.RankingTaskArray);
}
