using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Ranking.Server;

/// <summary>Messages as JSON schemas, by the rules of protobuf's JSON form.</summary>
internal sealed class OpenApiSchemas(ProtoComments comments)
{
    private readonly SortedDictionary<string, JsonObject> schemas = new(StringComparer.Ordinal);

    public JsonObject Reference(MessageDescriptor message)
    {
        if (!schemas.ContainsKey(message.Name))
        {
            var schema = new JsonObject { ["type"] = "object", ["description"] = comments.OfType(message) };
            schemas[message.Name] = schema;
            schema["properties"] = new JsonObject(message.Fields.InDeclarationOrder().Select(field => KeyValuePair.Create(field.JsonName, (JsonNode?)Described(field))));
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{message.Name}" };
    }

    public JsonObject OfField(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = OfValue(field.MessageType.FindFieldByNumber(2)) };
        }

        return field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = OfValue(field) } : OfValue(field);
    }

    public JsonObject ToJson() => new(schemas.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    // Siblings of $ref are ignored, so a described message stands in an allOf.
    private JsonObject Described(FieldDescriptor field)
    {
        var schema = OfField(field);
        if (comments.OfField(field) is not { } description)
        {
            return schema;
        }

        schema = schema.ContainsKey("$ref") ? new JsonObject { ["allOf"] = new JsonArray(schema) } : schema;
        schema["description"] = description;
        return schema;
    }

    private JsonObject OfValue(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Reference(field.MessageType),
        FieldType.Enum => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. field.EnumType.Values.Select(value => (JsonNode)value.Name)]) },
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.Double or FieldType.Float => new JsonObject { ["type"] = "number", ["format"] = field.FieldType == FieldType.Double ? "double" : "float" },
        FieldType.Int64 => new JsonObject { ["type"] = "string", ["format"] = "int64" },
        FieldType.UInt32 or FieldType.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["format"] = "byte" },
        _ => new JsonObject { ["type"] = "string" },
    };
}
