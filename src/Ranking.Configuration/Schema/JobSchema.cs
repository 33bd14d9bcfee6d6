using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ranking.Configuration;

/// <summary>The JSON schema of job files, by which editors complete and check them.</summary>
public static class JobSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The published schema, as <c>ranking validate --schema</c> prints it.</summary>
    public static string Published
    {
        get
        {
            using var resource = typeof(JobSchema).Assembly.GetManifestResourceStream("ranking.schema.json")!;
            using var reader = new StreamReader(resource);
            return reader.ReadToEnd();
        }
    }

    /// <summary>
    /// The schema that follows from the records that job files are bound to, with their documentation. Needs the
    /// documentation files beside the assemblies, which a published program lacks.
    /// </summary>
    internal static string Generate()
    {
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = "ranking.yaml" };
        foreach (var (key, value) in Describe(typeof(JobDocument), null, isWhole: false).ToList())
        {
            schema[key] = value?.DeepClone();
        }

        return schema.ToJsonString(Indented) + "\n";
    }

    // A file that extends another may leave out anything but what stands in lists, which it replaces as a whole.
    private static JsonObject Describe(Type type, RangeAttribute? range, bool isWhole)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            return new JsonObject { ["type"] = "array", ["items"] = Describe(type.GetGenericArguments()[0], range, isWhole: true) };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(OrderedDictionary<,>))
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Describe(type.GetGenericArguments()[1], range, isWhole) };
        }

        return ScalarReader.Reads(type) ? DescribeScalar(type, range) : DescribeRecord(type, isWhole);
    }

    private static JsonObject DescribeRecord(Type type, bool isWhole)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var (name, property) in YamlBinder.PropertiesOf(type))
        {
            var plain = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var described = Describe(plain, property.GetCustomAttribute<RangeAttribute>(), isWhole);
            described["description"] = DocumentationFile.SummaryOf(property);
            properties[name] = described;
            if (isWhole && property.IsDefined(typeof(RequiredMemberAttribute)))
            {
                required.Add(name);
            }
        }

        return new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["required"] = required, ["properties"] = properties };
    }

    private static JsonObject DescribeScalar(Type type, RangeAttribute? range)
    {
        if (type.IsEnum)
        {
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. ScalarReader.NamesOf(type).Select(name => (JsonNode)name)]) };
        }

        if (type == typeof(TimeSpan))
        {
            return new JsonObject { ["type"] = "string", ["pattern"] = ScalarReader.Duration().ToString() };
        }

        var scalar = new JsonObject
        {
            ["type"] = type == typeof(string) ? new JsonArray("string", "number", "boolean")
                : type == typeof(bool) ? "boolean"
                : type == typeof(DateTimeOffset) ? "string"
                : type == typeof(float) || type == typeof(double) ? "number"
                : "integer",
        };
        if (range is not null)
        {
            scalar["minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum));
            scalar["maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum));
        }

        return scalar;
    }
}
