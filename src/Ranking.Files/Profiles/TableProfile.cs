using System.Collections.Immutable;

namespace Ranking.Files;

/// <summary>
/// What a table holds, learned in one pass: exact facts of every column over all rows, and an even sample of whole rows
/// (reservoir sampling, Vitter 1985, algorithm R, with a fixed seed) in the table's order.
/// </summary>
internal sealed class TableProfile
{
    /// <summary>How many rows are sampled; in some fifty columns about 100 MB while the table is read.</summary>
    public const int SampledRows = 100_000;

    private TableProfile(string path, long rows, ImmutableArray<ColumnProfile> columns) => (Path, Rows, Columns) = (path, rows, columns);

    public string Path { get; }

    /// <summary>The file's name without folder and endings.</summary>
    public string Name => System.IO.Path.GetFileName(Path).Split('.')[0];

    public long Rows { get; }

    /// <summary>How many rows the sample has.</summary>
    public int Sampled => Columns[0].Codes.Length;

    public ImmutableArray<ColumnProfile> Columns { get; }

    /// <summary>The column of that name; null where there is none.</summary>
    public ColumnProfile? Find(string? name) => Columns.FirstOrDefault(column => column.Name == name);

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Hears how much has been read, 0 to 1.</param>
    /// <exception cref="TableException">The file cannot be read, has no rows, or a column without a name or with another's.</exception>
    public static TableProfile Read(string path, IProgress<double>? progress = null)
    {
        try
        {
            using var table = TableReader.Open(path);
            CheckNames(table);
            return Read(table, progress);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            throw new TableException($"{path}: cannot be read to its end: {broken.Message} Write the file anew.", broken);
        }
    }

    private static TableProfile Read(TableReader table, IProgress<double>? progress)
    {
        var facts = table.Columns.Select(_ => new ColumnFacts()).ToArray();
        var sample = new List<(long Row, string?[] Values)>();
        var random = new Random(1);
        var usable = 0L;
        while (table.Read())
        {
            if (table.Row % 4096 == 0)
            {
                progress?.Report(table.Progress);
            }

            if (table.Fault is not null)
            {
                continue;
            }

            for (var i = 0; i < facts.Length; i++)
            {
                facts[i].Add(table[i]);
            }

            var place = random.NextInt64(++usable);
            if (sample.Count < SampledRows)
            {
                sample.Add((table.Row, ValuesOf(table)));
            }
            else if (place < SampledRows)
            {
                sample[(int)place] = (table.Row, ValuesOf(table));
            }
        }

        if (usable == 0)
        {
            throw new TableException($"{table.Path}: no usable rows; give a table with rows under its header.");
        }

        sample.Sort((one, other) => one.Row.CompareTo(other.Row));
        return new TableProfile(table.Path, usable, [.. facts.Select((fact, i) => new ColumnProfile(table.Columns[i], fact, sample.Select(row => row.Values[i])))]);
    }

    private static string?[] ValuesOf(TableReader table) =>
        [.. Enumerable.Range(0, table.Columns.Length).Select(column => table[column].IsMissing ? null : table[column].ToString())];

    private static void CheckNames(TableReader table)
    {
        var counts = table.Columns.CountBy(name => name.Trim()).ToDictionary();
        if (counts.FirstOrDefault(pair => pair.Value > 1 || pair.Key.Length == 0) is { Key: { } name })
        {
            throw new TableException($"{table.Path}: {(name.Length == 0 ? "a column without a name" : $"the column '{name}' twice")}; give each a name of its own in the first line.");
        }
    }
}
