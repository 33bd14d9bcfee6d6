using Ranking.Core;

namespace Ranking.Models.Tests;

/// <summary>A delta over the small model: some ids have other rows, and some that had none have one.</summary>
internal static class SmallDelta
{
    public const string Version = "000000000100-delta";

    public static ArtifactInfo Info { get; } = SmallModel.Info with { Version = Version, Parent = SmallModel.Version, Examples = 150 };

    /// <summary>A row for a share of the ids 0 to 49, of which 40 and above have none in the base.</summary>
    public static EmbeddingTableData[] Rows(ArtifactContent content, int seed, double share = 0.3)
    {
        var random = new Random(seed);
        return
        [
            .. content.Tables.Cast<EmbeddingTableData>().Select(table =>
            {
                var hash = new KeyHash(table.Name.Split('@')[0]);
                ulong[] keys = [.. Enumerable.Range(0, 50).Where(_ => random.NextDouble() < share).Select(id => hash.Of(id))];
                return new EmbeddingTableData(table.Name, table.Dimension, keys, [.. Enumerable.Range(0, keys.Length * table.Dimension).Select(_ => (random.NextSingle() * 2) - 1)]);
            }),
        ];
    }

    /// <summary>Writes it to a folder beside its base.</summary>
    public static void Write(string folder, string baseFolder, EmbeddingTableData[] rows, ArtifactInfo? info = null)
    {
        using var under = ModelArtifact.Open(baseFolder);
        DeltaWriter.Write(folder, under, rows, under.Golden, info ?? Info);
    }

    /// <summary>The full version that is the same.</summary>
    public static ArtifactContent Merged(ArtifactContent content, EmbeddingTableData[] rows) => content with
    {
        Tables =
        [
            .. content.Tables.Cast<EmbeddingTableData>().Zip(rows).Select(pair =>
            {
                var kept = pair.First.Keys.Index().Where(key => !pair.Second.Keys.Contains(key.Item)).Select(key => key.Index).ToArray();
                return new EmbeddingTableData(
                    pair.First.Name, pair.First.Dimension,
                    [.. kept.Select(place => pair.First.Keys[place]), .. pair.Second.Keys],
                    [.. kept.SelectMany(place => pair.First.Row(place).ToArray()), .. pair.Second.Rows]);
            }),
        ],
    };
}
