using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ranking.Configuration;

/// <summary>Reads a job file, laid over the file that it extends.</summary>
internal sealed class YamlLoader(FaultList faults)
{
    private readonly Dictionary<YamlNode, YamlPlace> places = new(ReferenceEqualityComparer.Instance);

    /// <summary>The document's root, or null with the reason among the faults.</summary>
    public YamlMappingNode? Load(string path) => Load(path, [Path.GetFullPath(path)]);

    /// <summary>Where the node stands.</summary>
    public YamlPlace Place(YamlNode node) => places[node];

    private YamlMappingNode? Load(string path, HashSet<string> above)
    {
        if (Parse(path) is not { } root)
        {
            return null;
        }

        foreach (var node in root.AllNodes)
        {
            places[node] = new YamlPlace(path, (int)node.Start.Line);
        }

        if (!root.Children.TryGetValue(new YamlScalarNode("extends"), out var extends) || extends is not YamlScalarNode { Value: { } name })
        {
            return root;
        }

        var basePath = Path.Combine(Path.GetDirectoryName(path) ?? "", name);
        if (!above.Add(Path.GetFullPath(basePath)))
        {
            faults.AddAt(path, (int)extends.Start.Line, $"extends: '{name}', which extends this file", "let one of them stand alone");
            return null;
        }

        return Load(basePath, above) is { } under ? Overlay(under, root) : null;
    }

    private YamlMappingNode? Parse(string path)
    {
        Parser? parser = null;
        try
        {
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            parser = new Parser(reader);
            stream.Load(parser);
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root)
            {
                return root;
            }

            faults.AddAt(path, 1, "no mapping", "write 'name: …' and the other sections; see deploy/samples");
        }
        catch (YamlException broken)
        {
            faults.AddAt(path, (int)broken.Start.Line, $"no YAML: {broken.InnerException?.Message ?? broken.Message}", "mend the line");
        }
        catch (InvalidOperationException)
        {
            // The library's parser gives up so, without a place, on some brackets that nothing closes.
            faults.AddAt(path, (int)(parser?.Current?.End.Line ?? 1), "no YAML from here on", "look for a bracket, a brace or a quote that nothing closes");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            faults.AddAt(path, 1, $"no readable file: {missing.Message.TrimEnd('.')}", "name a job file (ranking.yaml)");
        }

        return null;
    }

    private YamlMappingNode Overlay(YamlMappingNode under, YamlMappingNode over)
    {
        var merged = new YamlMappingNode(under.Children);
        foreach (var (key, value) in over.Children)
        {
            merged.Children[key] = value is YamlMappingNode upper && merged.Children.TryGetValue(key, out var lower) && lower is YamlMappingNode mapping
                ? Overlay(mapping, upper)
                : value;
        }

        places[merged] = places[over];
        return merged;
    }
}
