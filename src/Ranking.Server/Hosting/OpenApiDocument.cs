using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using Ranking.Contracts.V1;

namespace Ranking.Server;

/// <summary>The OpenAPI document of the JSON routes, made of the same descriptors that the routes are made of.</summary>
internal static class OpenApiDocument
{
    private static readonly Lazy<string> Document = new(Build);

    /// <summary>The document.</summary>
    public static string Json => Document.Value;

    private static string Build()
    {
        var comments = new ProtoComments();
        var schemas = new OpenApiSchemas(comments);
        var paths = new JsonObject();
        ServiceDescriptor[] services = [RankingService.Descriptor, ModelService.Descriptor, FeatureService.Descriptor, EventService.Descriptor];
        foreach (var method in services.SelectMany(service => service.Methods))
        {
            var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
            var (verb, route) = rule.PatternCase == HttpRule.PatternOneofCase.Get ? ("get", rule.Get) : ("post", rule.Post);
            paths[route] ??= new JsonObject();
            paths[route]![verb] = Operation(method, verb, route, schemas, comments);
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = "Ranking", ["version"] = "v1", ["description"] = "The gRPC services as JSON. Names may be written as shown or in snake_case." },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.ToJson() },
        }.ToJsonString();
    }

    private static JsonObject Operation(MethodDescriptor method, string verb, string route, OpenApiSchemas schemas, ProtoComments comments)
    {
        var operation = new JsonObject
        {
            ["operationId"] = method.Name,
            ["tags"] = new JsonArray(method.Service.Name),
            ["description"] = comments.OfMethod(method),
        };
        var inPath = method.InputType.Fields.InDeclarationOrder().Where(field => route.Contains($"{{{field.Name}}}", StringComparison.Ordinal)).ToList();
        var inQuery = verb == "get" ? method.InputType.Fields.InDeclarationOrder().Except(inPath) : [];
        operation["parameters"] = new JsonArray([
            .. inPath.Select(field => Parameter(field, "path", schemas)),
            .. inQuery.Select(field => Parameter(field, "query", schemas)),
        ]);
        if (verb == "post")
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(schemas.Reference(method.InputType)) };
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = comments.OfType(method.OutputType) ?? method.OutputType.Name, ["content"] = Content(schemas.Reference(method.OutputType)) },
            ["default"] = new JsonObject { ["description"] = "An error: code, message and, for a wrong request, every field violation.", ["content"] = Content(schemas.Reference(Google.Rpc.Status.Descriptor)) },
        };
        return operation;
    }

    private static JsonObject Parameter(FieldDescriptor field, string place, OpenApiSchemas schemas) => new()
    {
        ["name"] = place == "path" ? field.Name : field.JsonName,
        ["in"] = place,
        ["required"] = place == "path",
        ["schema"] = schemas.OfField(field),
    };

    private static JsonObject Content(JsonObject schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };
}
