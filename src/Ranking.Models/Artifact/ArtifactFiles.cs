namespace Ranking.Models;

/// <summary>The files of a version.</summary>
internal static class ArtifactFiles
{
    public const string Manifest = "manifest.json";
    public const string Graph = "graph.json";
    public const string Weights = "weights.safetensors";
    public const string Golden = "golden.bin";
    public const string Embeddings = "embeddings";

    /// <summary>The file of one table's keys; table names may hold characters that file names may not.</summary>
    public static string IndexOf(string table) => $"{Embeddings}/{Uri.EscapeDataString(table)}.index";

    /// <summary>The file of one table's rows.</summary>
    public static string RowsOf(string table) => $"{Embeddings}/{Uri.EscapeDataString(table)}.rows";
}
