using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Ranking.Server;
using Ranking.Testing;
using YamlDotNet.Serialization;

namespace Ranking.Cli.Tests;

/// <summary>What the files for compose and Kubernetes say to our programs, said to the programs.</summary>
public sealed partial class DeployTests
{
    private static readonly Dictionary<string, dynamic> Compose = Read("deploy", "compose.yaml");
    private static readonly Dictionary<string, dynamic> Values = Read("helm", "ranking", "values.yaml");

    [Fact]
    public void Compose_CommandsOfTheCommand_Parse()
    {
        var commands = OurServices().Where(service => ImageOf(service) == "ranking").Select(service => (List<object>)service["command"]).ToArray();
        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Empty(RankingCommand.Create().Parse([.. command.Cast<string>()]).Errors));
    }

    [Fact]
    public void Images_OfComposeAndChart_AreThoseThatProjectsBuild()
    {
        var built = Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(file => Repository().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet();
        string[] wanted = [.. OurServices().Select(ImageOf), (string)Values["server"]["image"]["repository"], (string)Values["trainer"]["image"]["repository"]];
        Assert.Superset(wanted.ToHashSet(), built);
    }

    [Fact]
    public void Compose_ServerSettings_AreAllKnownAndReadTheJobsNamespace() => CheckServer(Compose["services"]["server"]["environment"]);

    [Fact]
    public void Chart_ServerSettings_AreAllKnownAndReadTheJobsNamespace() => CheckServer(Values["server"]["settings"]);

    private static void CheckServer(Dictionary<object, object> environment)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(pair => KeyValuePair.Create($"{pair.Key}".Replace("__", ":", StringComparison.Ordinal), (string?)Model().Replace($"{pair.Value}", "job"))))
            .Build();
        Assert.NotNull(configuration.GetSection(ServerOptions.Section).Get<ServerOptions>(binder => binder.ErrorOnUnknownConfiguration = true));
        var options = ServerOptions.From(configuration);
        Assert.Empty(options.Validate());
        Assert.Equal([options.Models[0], options.Models[0]], [options.Redis.Namespace, options.Kafka!.Namespace]);
    }

    private static IEnumerable<Dictionary<object, object>> OurServices() =>
        ((Dictionary<object, object>)Compose["services"]).Values.Cast<Dictionary<object, object>>().Where(service => ImageOf(service).StartsWith("ranking", StringComparison.Ordinal));

    private static string ImageOf(Dictionary<object, object> service) => ((string)service["image"]).Split(':')[0];

    private static Dictionary<string, dynamic> Read(params string[] path) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, dynamic>>(File.ReadAllText(Path.Combine([SharedFolder.RepositoryRoot, .. path])));

    [GeneratedRegex("<ContainerRepository>(.*)</ContainerRepository>")]
    private static partial Regex Repository();

    // Whatever compose puts in place of the variable: the model's name, which is the namespace too.
    [GeneratedRegex(@"\$\{.*\}")]
    private static partial Regex Model();
}
