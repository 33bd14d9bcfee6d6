using System.Text.Json;
using Ranking.Testing;

namespace Ranking.Architecture.Tests;

/// <summary>A package of a project's closure: the packages it needs and the assemblies it brings.</summary>
internal sealed record RestoredPackage(string Name, string[] Dependencies, string[] Assemblies);

/// <summary>What NuGet restored for one project, read from <c>project.assets.json</c>.</summary>
/// <param name="Name">The project without its <c>Ranking.</c>.</param>
/// <param name="Projects">Directly referenced projects, named alike.</param>
/// <param name="Packages">Directly referenced packages.</param>
/// <param name="Closure">Every package it gets, directly or through others.</param>
internal sealed record RestoredProject(string Name, string[] Projects, string[] Packages, IReadOnlyDictionary<string, RestoredPackage> Closure)
{
    internal static RestoredProject Read(string room)
    {
        var path = Path.Combine(SharedFolder.RepositoryRoot, "src", $"Ranking.{room}", "obj", "project.assets.json");
        using var assets = JsonDocument.Parse(File.ReadAllText(path));
        var project = assets.RootElement.GetProperty("project");
        var framework = project.GetProperty("frameworks").EnumerateObject().Single().Value;
        var references = project.GetProperty("restore").GetProperty("frameworks").EnumerateObject().Single().Value
            .GetProperty("projectReferences").EnumerateObject().Select(reference => RoomOf(reference.Name));
        string[] packages = framework.TryGetProperty("dependencies", out var direct) ? [.. direct.EnumerateObject().Select(package => package.Name)] : [];
        var closure = assets.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => new RestoredPackage(library.Name.Split('/')[0], Names(library.Value, "dependencies"),
                [.. Names(library.Value, "compile").Concat(Names(library.Value, "runtime")).Select(file => Path.GetFileNameWithoutExtension(file)).Distinct()]))
            .ToDictionary(package => package.Name, StringComparer.OrdinalIgnoreCase);
        return new RestoredProject(room, [.. references], packages, closure);
    }

    /// <summary>The assemblies of the packages it references itself and of what those need.</summary>
    internal HashSet<string> OwnAssemblies()
    {
        var assemblies = new HashSet<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<string>(Packages);
        while (open.TryPop(out var name))
        {
            if (!seen.Add(name) || !Closure.TryGetValue(name, out var package))
                continue;
            assemblies.UnionWith(package.Assemblies);
            foreach (var dependency in package.Dependencies)
                open.Push(dependency);
        }
        return assemblies;
    }

    private static string RoomOf(string projectPath) => Path.GetFileNameWithoutExtension(projectPath)["Ranking.".Length..];

    private static string[] Names(JsonElement library, string section) =>
        library.TryGetProperty(section, out var entries) ? [.. entries.EnumerateObject().Select(entry => entry.Name)] : [];
}
