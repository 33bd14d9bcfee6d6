using System.CommandLine;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Cli;

/// <summary><c>ranking model</c>.</summary>
internal static class ModelCommand
{
    private const string ListDescription = """
        Lists the versions of the job's model, oldest first.

        Examples:
          ranking model list
          ranking model list --output json
        """;

    private const string ShowDescription = """
        Shows a version's manifest: what it is, what it was trained on, what the gate measured.

        Examples:
          ranking model show
          ranking model show v000000200000 --output json
        """;

    private const string PromoteDescription = """
        Makes a version the served one. One that the gate refused is not taken.

        Examples:
          ranking model promote v000000200000
          ranking model promote v000000200000 --pin
        """;

    public static Command Create() => new("model", "The versions in the model store.") { List(), Show(), Promote(), ModelExport.Create() };

    /// <summary>Where a version stands; null is the one served.</summary>
    public static string FolderOf(JobSpec spec, string? version)
    {
        var store = new FolderModelStore(spec.Store.Path);
        var name = version ?? store.Served(spec.Model.Name)
            ?? throw new InvalidOperationException($"no version of '{spec.Model.Name}' is served: name one of 'ranking model list'.");
        Require(store, spec.Model.Name, name);
        return store.FolderOf(spec.Model.Name, name);
    }

    private static Command List()
    {
        var job = SharedOptions.Job();
        var output = SharedOptions.Output();
        return new Command("list", ListDescription) { job, output }.Runs((parsed, _) =>
        {
            var spec = JobFile.Load(parsed.GetRequiredValue(job));
            Results.Write(
                parsed, parsed.GetValue(output), new FolderModelStore(spec.Store.Path).Versions(spec.Model.Name),
                ("version", version => version.Name), ("trained through", version => TimeOf(version.TrainedThrough)),
                ("MiB", version => $"{version.Length / 1048576.0:F1}"), ("", StateOf));
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static Command Show()
    {
        var job = SharedOptions.Job();
        var version = VersionArgument();
        version.Arity = ArgumentArity.ZeroOrOne;
        var output = SharedOptions.Output();
        return new Command("show", ShowDescription) { version, job, output }.Runs((parsed, _) =>
        {
            var spec = JobFile.Load(parsed.GetRequiredValue(job));
            using var artifact = ModelArtifact.Open(FolderOf(spec, parsed.GetValue(version)));
            var manifest = artifact.Manifest;
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Results.WriteJson(parsed, manifest.Info);
                return Task.FromResult(ExitCode.Ok);
            }

            Results.Write(
                parsed, OutputFormat.Table, Facts(manifest), ("", fact => fact.Name), ("", fact => fact.Value));
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static Command Promote()
    {
        var job = SharedOptions.Job();
        var version = VersionArgument();
        var pin = new Option<bool>("--pin") { Description = "Also keep it for ever." };
        return new Command("promote", PromoteDescription) { version, job, pin, SharedOptions.Output() }.Runs((parsed, _) =>
        {
            var spec = JobFile.Load(parsed.GetRequiredValue(job));
            var store = new FolderModelStore(spec.Store.Path);
            var name = parsed.GetRequiredValue(version);
            if (Require(store, spec.Model.Name, name).Refusal is { } refusal)
            {
                throw new InvalidOperationException($"version '{name}' was refused by the gate: {refusal}");
            }

            store.Promote(spec.Model.Name, name);
            if (parsed.GetValue(pin))
            {
                store.SetPinned(spec.Model.Name, name, true);
            }

            Results.WriteDone(parsed, $"{spec.Model.Name} serves {name} from now on.", new { Model = spec.Model.Name, Version = name, IsPinned = parsed.GetValue(pin) });
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static StoredVersion Require(FolderModelStore store, string model, string version) =>
        store.Versions(model).FirstOrDefault(stored => stored.Name == version)
        ?? throw new ArgumentException($"'{model}' has no version '{version}': name one of 'ranking model list'.");

    private static Argument<string> VersionArgument() => new("version") { Description = "The version." };

    private static IReadOnlyList<(string Name, string Value)> Facts(ArtifactManifest manifest) =>
    [
        ("version", manifest.Info.Version), ("parent", manifest.Info.Parent ?? ""), ("trained through", TimeOf(manifest.Info.TrainedThrough)),
        ("examples", $"{manifest.Info.Examples}"), ("schema", manifest.SchemaFingerprint),
        ("architecture", $"{string.Join(" + ", manifest.Spec.Architecture.Networks.Select(network => network.Kind))}{(manifest.Spec.Trees is null ? "" : " + trees")}{(manifest.Spec.Architecture.EntireSpace ? " over the entire space" : "")}"),
        ("scored in", manifest.Quantization is { } quantization
            ? $"{string.Join(", ", Roundings(manifest.Spec, quantization))}, within {quantization.Tolerance:G3} of the learner's probabilities" : "32 bits"),
        ("gate", manifest.Base is { } under ? $"accepted {under.Version}, which this is a delta over" : manifest.Info.Gate.Refusal ?? "accepted"),
        .. manifest.Info.Gate.Metrics.Select(metric => (metric.Key, $"{metric.Value:G6}")),
        .. manifest.Files.Select(file => (file.Path, $"{file.Length} bytes")),
    ];

    private static IEnumerable<string> Roundings(ModelSpec spec, Quantization quantization) =>
    [
        .. quantization.Ranges.Count == 0 ? Array.Empty<string>() : [$"8 bits in {quantization.Ranges.Count} layers"],
        .. spec.Precision == ScoringPrecision.Float32 ? Array.Empty<string>() : ["16 bits in what is kept of items"],
        .. spec.Tables.GroupBy(table => table.Precision).Where(tables => tables.Key != RowPrecision.Float32)
            .Select(tables => $"{(tables.Key == RowPrecision.Int8 ? 8 : 16)} bits in the rows of {tables.Count()} tables"),
    ];

    private static string StateOf(StoredVersion version) =>
        (version.IsServed ? "served " : "") + (version.IsPinned ? "pinned " : "") + (version.Base is null ? "" : $"delta over {version.Base} ") + (version.Refusal is null ? "" : $"refused: {version.Refusal}");

    private static string TimeOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm:ss");
}
