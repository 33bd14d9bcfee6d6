using Ranking.Testing;

namespace Ranking.Architecture.Tests;

public sealed class DependencyTests
{
    public static TheoryData<string> Rooms => [.. House.Rooms.Keys];

    [Fact]
    public void Rooms_OnDisk_AreThoseOfTheTable()
    {
        var folders = Directory.GetDirectories(Path.Combine(SharedFolder.RepositoryRoot, "src"))
            .Select(folder => Path.GetFileName(folder)["Ranking.".Length..]);

        Assert.Equal(House.Rooms.Keys.Order(), folders.Order());
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void References_OfTheRestoredProject_AreInTheTable(string room) =>
        Assert.Empty(DependencyRules.ForbiddenReferences(RestoredProject.Read(room)));

    [Fact]
    public void Hosts_ExceptTheCli_ReferenceNoHost() =>
        Assert.Empty(DependencyRules.HostsReferencedByHosts(House.Rooms.Keys.Select(RestoredProject.Read)));

    [Fact]
    public void Closure_OfTheServer_HoldsNoTrainingOrEvaluationPackage() =>
        Assert.Empty(DependencyRules.ForbiddenInServer(RestoredProject.Read("Server")));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Assembly_UsesThirdParties_OnlyFromItsOwnPackages(string room)
    {
        var project = RestoredProject.Read(room);
        var thirdParties = project.Closure.Values.SelectMany(package => package.Assemblies).ToHashSet();

        var foreign = HouseAssembly.Load(room).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(thirdParties.Contains).Except(project.OwnAssemblies()).Where(name => !IsVocabulary(project, name));

        Assert.Empty(foreign);
    }

    [Fact]
    public void Rules_OnAWrongGraph_FindEveryFault()
    {
        var torch = new RestoredPackage("TorchSharp", ["SkiaSharp"], ["TorchSharp"]);
        var server = new RestoredProject("Server", ["Inference", "Trainer"], ["Grpc.AspNetCore", "TorchSharp"],
            new Dictionary<string, RestoredPackage> { [torch.Name] = torch });
        var core = new RestoredProject("Core", ["Events"], ["System.IO.Hashing", "OpenTelemetry"], new Dictionary<string, RestoredPackage>());

        Assert.Equal(["Server references Trainer", "Server references the package TorchSharp"], DependencyRules.ForbiddenReferences(server));
        Assert.Equal(["Core references Events", "Core references the package OpenTelemetry"], DependencyRules.ForbiddenReferences(core));
        Assert.Equal(["the server's closure holds TorchSharp"], DependencyRules.ForbiddenInServer(server));
        Assert.Equal(["Server references the host Trainer"], DependencyRules.HostsReferencedByHosts([core, server]));
    }

    // Whoever may use the messages needs their base types; System.IO.Hashing belongs to Core's vocabulary.
    private static bool IsVocabulary(RestoredProject project, string assembly) => assembly switch
    {
        "System.IO.Hashing" => true,
        "Google.Protobuf" or "Grpc.Core.Api" => project.Name == "Cli" || project.Projects.Contains("Contracts"),
        _ => false,
    };
}
