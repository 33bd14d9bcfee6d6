namespace Ranking.Architecture.Tests;

/// <summary>The rules over the restored graph; each gives the faults it finds as sentences.</summary>
internal static class DependencyRules
{
    internal static IEnumerable<string> ForbiddenReferences(RestoredProject project)
    {
        var room = House.Rooms[project.Name];
        foreach (var reference in project.Projects.Except(room.Projects))
            yield return $"{room.Name} references {reference}";
        foreach (var package in project.Packages.Except(room.Packages))
        {
            if (!room.IsHost || !House.HostFrameworks.Any(framework => package.StartsWith(framework, StringComparison.Ordinal)))
                yield return $"{room.Name} references the package {package}";
        }
    }

    internal static IEnumerable<string> ForbiddenInServer(RestoredProject server) =>
        from package in server.Closure.Keys
        from forbidden in House.NotInServer
        where package.StartsWith(forbidden, StringComparison.OrdinalIgnoreCase)
        select $"the server's closure holds {package}";

    internal static IEnumerable<string> HostsReferencedByHosts(IEnumerable<RestoredProject> projects) =>
        from project in projects
        where project.Name != "Cli"
        from reference in project.Projects
        where House.Rooms[reference].IsHost
        select $"{project.Name} references the host {reference}";
}
