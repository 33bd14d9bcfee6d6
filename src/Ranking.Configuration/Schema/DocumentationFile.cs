using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ranking.Configuration;

/// <summary>The summaries that the compiler writes beside each assembly.</summary>
internal static partial class DocumentationFile
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, string>> Files = [];

    /// <summary>The property's summary as plain text.</summary>
    public static string SummaryOf(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        return Files.GetOrAdd(type.Assembly, Read)[$"P:{type.FullName}.{property.Name}"];
    }

    private static Dictionary<string, string> Read(Assembly assembly) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Plain(member.Element("summary")!));

    private static string Plain(XElement summary)
    {
        foreach (var reference in summary.Descendants("see").ToList())
        {
            reference.ReplaceWith(Spelling.Snake(reference.Attribute("cref")!.Value.Split('.')[^1]));
        }

        return Space().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
