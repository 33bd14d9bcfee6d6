using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Files.Tests;

/// <summary>A small job over files in a temporary folder.</summary>
internal sealed class TestJob : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static FeatureSchema Schema { get; } = new(
    [
        new Feature { Id = 1, Name = "user_id", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user_id" },
        new Feature { Id = 2, Name = "age", Kind = FeatureKind.Numeric, Scope = FeatureScope.User },
        new Feature { Id = 3, Name = "tags", Kind = FeatureKind.List, Scope = FeatureScope.Item, Table = "tags" },
        new Feature { Id = 4, Name = "tab", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "tab" },
    ]);

    public string Combine(string name) => folder.Combine(name);

    public string Write(string name, string text)
    {
        File.WriteAllText(folder.Combine(name), text);
        return folder.Combine(name);
    }

    public SourceSpec Source(string log, int partitions = 4, TimeUnit unit = TimeUnit.Ms) => new()
    {
        Log = new LogTableSpec
        {
            Path = Write("log.csv", log),
            RequestPrefix = "job",
            UserColumn = "user",
            ItemColumn = "item",
            Time = new RowTimeSpec { Column = "time", Unit = unit },
            Split = new SplitSpec { Column = "split", Train = ["train"], Test = ["test"] },
            Partitions = partitions,
            Outcomes = [new OutcomeSpec("click", "click", "1000"), new OutcomeSpec("buy", "click & buy", "1000 + delay")],
        },
        Users = new EntityTableSpec(Write("users.csv", "id,age\nann,31\nbob,\n"), "id"),
        Items = new EntityTableSpec(Write("items.csv", "id,tags\n1,\"a,b\"\n2,c\n"), "id"),
        Columns =
        [
            new FeatureColumn(1, SourceTable.Users, "id"), new FeatureColumn(2, SourceTable.Users, "age"),
            new FeatureColumn(3, SourceTable.Items, "tags"), new FeatureColumn(4, SourceTable.Log, "tab"),
        ],
    };

    public static List<LogEntry> ReadAll(TableEventLog log) => [.. log.Partitions.SelectMany(log.Read)];

    public void Dispose() => folder.Dispose();
}
