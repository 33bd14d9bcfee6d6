namespace Ranking.Models;

/// <summary>Specifications and graphs as canonical JSON: equal values have equal bytes.</summary>
public static class ModelJson
{
    /// <summary>The specification as UTF-8.</summary>
    public static byte[] Write(ModelSpec spec) => CanonicalJson.Write(spec, ArtifactJson.Default.ModelSpec);

    /// <summary>Reads what <see cref="Write(ModelSpec)"/> wrote.</summary>
    /// <exception cref="ArtifactException">It is no specification.</exception>
    public static ModelSpec ReadSpec(ReadOnlySpan<byte> json, string file = "spec.json") =>
        CanonicalJson.Read(json, ArtifactJson.Default.ModelSpec, file);

    /// <summary>The graph as UTF-8, with the file's magic and format version.</summary>
    public static byte[] Write(ScoringGraph graph) =>
        CanonicalJson.Write(new GraphFile(GraphFile.FileFormat, GraphFile.CurrentVersion, graph), ArtifactJson.Default.GraphFile);

    /// <summary>Reads what <see cref="Write(ScoringGraph)"/> wrote.</summary>
    /// <exception cref="ArtifactException">It is no graph, or one of another format.</exception>
    public static ScoringGraph ReadGraph(ReadOnlySpan<byte> json, string file = ArtifactFiles.Graph)
    {
        var read = CanonicalJson.Read(json, ArtifactJson.Default.GraphFile, file);
        return (read.Format, read.FormatVersion) == (GraphFile.FileFormat, GraphFile.CurrentVersion)
            ? read.Graph
            : throw new ArtifactException(file, $"is '{read.Format}' {read.FormatVersion}; this build reads '{GraphFile.FileFormat}' {GraphFile.CurrentVersion}.");
    }
}

/// <summary>The content of <c>graph.json</c>.</summary>
internal sealed record GraphFile(string Format, int FormatVersion, ScoringGraph Graph)
{
    public const string FileFormat = "ranking.graph";
    public const int CurrentVersion = 1;
}
