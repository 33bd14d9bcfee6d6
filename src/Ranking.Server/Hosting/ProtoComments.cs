using System.Xml.Linq;
using Google.Protobuf.Reflection;
using Ranking.Contracts.V1;

namespace Ranking.Server;

/// <summary>The comments of the .proto files, which the compiler carries over into the contracts' XML documentation.</summary>
internal sealed class ProtoComments
{
    private readonly Dictionary<string, string> comments;

    public ProtoComments()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{typeof(RankRequest).Assembly.GetName().Name}.xml");
        comments = !File.Exists(file) ? [] : XDocument.Load(file).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => string.Join(' ', member.Element("summary")!.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    public string? OfType(MessageDescriptor message) => comments.GetValueOrDefault($"T:{message.ClrType.FullName}");

    public string? OfField(FieldDescriptor field) => comments.GetValueOrDefault($"P:{field.ContainingType.ClrType?.FullName}.{field.PropertyName}");

    public string? OfMethod(MethodDescriptor method)
    {
        var service = $"{typeof(RankRequest).Namespace}.{method.Service.Name}";
        return comments.GetValueOrDefault(
            $"M:{service}.{method.Service.Name}Base.{method.Name}({method.InputType.ClrType.FullName},Grpc.Core.ServerCallContext)");
    }
}
