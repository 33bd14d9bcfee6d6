using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Models.Tests;

/// <summary>A small model of every feature kind and scope, with random weights: drawn, not trained.</summary>
internal static class SmallModel
{
    public const string Version = "000000000100";

    private static readonly Feature Watched = new()
    {
        Id = 10,
        Name = "watched",
        Kind = FeatureKind.Sequence,
        Scope = FeatureScope.User,
        Columns =
        [
            new("outcome", SequenceColumnKind.Outcome, "watched.outcome", 0),
            new("item", SequenceColumnKind.Feature, "item", 5),
            new("tag", SequenceColumnKind.Feature, "tag", 6),
            new("age", SequenceColumnKind.Age, "watched.age", 0),
        ],
    };

    public static ModelSpec Spec(ArchitectureKind kind, float keepNegatives = 1, bool interacts = false) => new()
    {
        Name = "small",
        Schema = new FeatureSchema(
        [
            new() { Id = 1, Name = "user", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user" },
            new() { Id = 2, Name = "interests", Kind = FeatureKind.WeightedList, Scope = FeatureScope.User, Table = "tag" },
            new() { Id = 3, Name = "age", Kind = FeatureKind.Numeric, Scope = FeatureScope.User, Transform = TransformKind.Standard, Missing = MissingRule.Indicator, Embedding = interacts ? new() { Kind = NumericEmbeddingKind.Piecewise, Bins = 4 } : null },
            new() { Id = 4, Name = "hour", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "hour", Derived = "hour(event_time)" },
            new() { Id = 5, Name = "item", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "item" },
            new() { Id = 6, Name = "tags", Kind = FeatureKind.List, Scope = FeatureScope.Item, Table = "tag" },
            new() { Id = 7, Name = "price", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, Transform = TransformKind.Log1p, Embedding = interacts ? new() { Kind = NumericEmbeddingKind.Piecewise, Bins = 3, Dimension = 5 } : null },
            new() { Id = 8, Name = "position", Kind = FeatureKind.Categorical, Scope = FeatureScope.Pair, Table = "position", TrainOnly = true, ServeAs = "0" },
            new() { Id = 9, Name = "distance", Kind = FeatureKind.Numeric, Scope = FeatureScope.Pair, Embedding = interacts ? new() { Kind = NumericEmbeddingKind.Periodic, Frequencies = 3, Dimension = 5 } : null },
        ]),
        Tables =
        [
            new() { Name = "user", Dimension = 8, AdmitAfter = 2, ExpireAfter = TimeSpan.FromDays(30) },
            new() { Name = "tag", Dimension = 5 },
            new() { Name = "hour", Dimension = 3 },
            new() { Name = "item", Dimension = 8 },
            new() { Name = "position", Dimension = 2 },
        ],
        Tasks = new TaskSet(
        [
            new() { Name = "ctr", Outcome = "click", Window = TimeSpan.FromMinutes(10) },
            new() { Name = "cvr", Outcome = "conversion", Given = "ctr", Joint = "ctcvr", Window = TimeSpan.FromDays(1), LossWeight = 0.3f },
        ]),
        Architecture = new()
        {
            Kind = kind,
            EntireSpace = true,
            Bottom = [37, 18],
            Experts = 3,
            Expert = [37, 18],
            Tower = [9],
            Dropout = 0.1f,
            FeatureGate = interacts ? new FeatureGateSpec(3) : null,
            Factorization = interacts,
            Cross = interacts ? new CrossSpec(2, 7) : null,
        },
        Objectives = [new Objective("main", "ctr * cvr ^ power", ImmutableSortedDictionary<string, double>.Empty.Add("power", 0.5))],
        Training = new() { KeepNegatives = keepNegatives, PublishEvery = TimeSpan.FromMinutes(5) },
    };

    /// <summary>The same with a sequence, one column of which has no counterpart in the candidate before those that have.</summary>
    public static ModelSpec SpecWithSequence(ArchitectureKind kind, float keepNegatives = 1, bool interacts = false)
    {
        var spec = Spec(kind, keepNegatives, interacts);
        return spec with
        {
            Schema = new FeatureSchema([.. spec.Schema.Features, Watched]),
            Tables = [.. spec.Tables, new() { Name = "watched.outcome", Dimension = 2 }, new() { Name = "watched.age", Dimension = 3 }],
        };
    }

    public static ImmutableArray<NumericTransform> Transforms { get; } =
    [
        new(3, TransformKind.Standard, [30, 10.5]) { Bins = [-2, -0.25f, 0.5f, 2.25f] },
        new(7, TransformKind.Log1p, [2, 0.7]) { Bins = [-1, 0.5f, 1, 3] },
    ];

    /// <summary>Random weights of a size that makes scores differ by much, and golden rows without scores.</summary>
    public static ArtifactContent Content(ModelSpec spec, int seed = 1)
    {
        var random = new Random(seed);
        var graph = Architecture.Build(spec);
        float Next(double scale) => (float)(((random.NextDouble() * 2) - 1) * scale);
        return new ArtifactContent
        {
            Spec = spec,
            Graph = graph,
            Transforms = Transforms,
            Weights = graph.Parameters.ToDictionary(
                parameter => parameter.Name,
                parameter => Enumerable.Range(0, parameter.Length).Select(_ => Next(Scale(parameter))).ToArray()),
            Tables =
            [
                .. graph.Nodes.OfType<TableNode>().GroupBy(node => node.Table).Select(nodes =>
                {
                    var keys = Keys(spec.Tables.First(table => nodes.Key.Split('@')[0] == table.Name).Name, nodes);
                    var dimension = nodes.First().Width;
                    return new EmbeddingTableData(nodes.Key, dimension, keys, [.. Enumerable.Range(0, keys.Length * dimension).Select(_ => Next(1))]);
                }),
            ],
            Golden = new GoldenSet([], [.. graph.Outputs.Select(output => output.Name)], []),
        };
    }

    public static ArtifactInfo Info { get; } = new()
    {
        Version = Version,
        TrainedThrough = 1_700_000_000_000,
        Examples = 100,
        Positions = [new(new(LogTopic.Served, 0), 12), new(new(LogTopic.Events, 0), 34)],
        Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty.Add("ctr_log_loss", 0.25)),
    };

    // Cross layers multiply numbers that are no longer of the order of 1.
    private static double Scale(GraphParameter parameter) =>
        parameter.InitialDeviation is { } deviation ? deviation : parameter.Rows == 1 ? 0.3 : (parameter.Name.StartsWith("cross", StringComparison.Ordinal) ? 0.2 : 2.5) / Math.Sqrt(parameter.Rows);

    /// <summary>Ids 0 to 39 are known to every table.</summary>
    private static ulong[] Keys(string table, IEnumerable<TableNode> nodes)
    {
        var ids = nodes.Select(node => node.FeatureId).Distinct().ToArray();
        var hash = new KeyHash(table);
        return
        [
            .. Enumerable.Range(0, 40).Select(id => hash.Of(id)),
            .. ids.SelectMany(id => new[] { KeyHash.Missing(id), KeyHash.Unknown(id) }),
        ];
    }
}
