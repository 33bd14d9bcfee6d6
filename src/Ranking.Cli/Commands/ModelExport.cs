using System.CommandLine;
using Ranking.Configuration;
using Ranking.Models;
using Ranking.Onnx;

namespace Ranking.Cli;

/// <summary><c>ranking model export</c>.</summary>
internal static class ModelExport
{
    private const string Description = """
        Writes a version's scoring graph as an ONNX file, its embedding tables in FILE.tables beside it, and lists the inputs.
        They are what the encoder gives, one row a candidate: numbers as the job transforms them, and for ids the rows of
        their embedding table.

        Examples:
          ranking model export model.onnx
          ranking model export model.onnx --version v000000200000 --output json
        """;

    public static Command Create()
    {
        var job = SharedOptions.Job();
        var file = new Argument<string>("file") { Description = "Where to." };
        var version = new Option<string?>("--version") { Description = "The version; the one served where not given." };
        var output = SharedOptions.Output();
        return new Command("export", Description) { file, version, job, output }.Runs((parsed, _) =>
        {
            var spec = JobFile.Load(parsed.GetRequiredValue(job));
            using var artifact = ModelArtifact.Open(ModelCommand.FolderOf(spec, parsed.GetValue(version)));
            var path = parsed.GetRequiredValue(file);
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            {
                throw new ArgumentException($"'{folder}', where '{path}' would stand, is no folder: make it, or name another file.");
            }

            OnnxModel.Write(artifact, path);
            Results.Write(
                parsed, parsed.GetValue(output), OnnxModel.InputsOf(artifact).ToList(),
                ("input", input => input.Name), ("holds", input => input.Kind.ToString()), ("rank", input => $"{input.Rank}"));
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
