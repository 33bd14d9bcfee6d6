using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning.Tests;

/// <summary>A small model with every kind of input, and examples whose labels can be learned.</summary>
internal static class TestModel
{
    public static readonly FeatureSchema Schema = new(
    [
        new Feature { Id = 1, Name = "user_id", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user" },
        new Feature { Id = 2, Name = "age", Kind = FeatureKind.Numeric, Scope = FeatureScope.User, Missing = MissingRule.Indicator },
        new Feature { Id = 3, Name = "item_id", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "item" },
        new Feature { Id = 4, Name = "tags", Kind = FeatureKind.List, Scope = FeatureScope.Item, Table = "tag" },
        new Feature { Id = 5, Name = "interests", Kind = FeatureKind.WeightedList, Scope = FeatureScope.User, Table = "tag" },
        new Feature
        {
            Id = 6,
            Name = "watched",
            Kind = FeatureKind.Sequence,
            Scope = FeatureScope.User,
            Columns =
            [
                new SequenceColumn("item_id", SequenceColumnKind.Feature, "item", 3),
                new SequenceColumn("outcome", SequenceColumnKind.Outcome, "watched.outcome", 0),
                new SequenceColumn("tags", SequenceColumnKind.Feature, "tag", 4),
                new SequenceColumn("age", SequenceColumnKind.Age, "watched.age", 0),
            ],
        },
    ]);

    public static ModelSpec Spec(ArchitectureKind kind, bool entireSpace = false, Func<TrainingSpec, TrainingSpec>? training = null, int admitAfter = 1, TimeSpan? expireAfter = null, float dropout = 0, string interactions = "") => new()
    {
        Name = "test",
        Schema = With(interactions, Schema),
        Tables =
        [
            new EmbeddingTableSpec { Name = "user", Dimension = 8, AdmitAfter = admitAfter, ExpireAfter = expireAfter },
            new EmbeddingTableSpec { Name = "item", Dimension = 8, AdmitAfter = admitAfter, ExpireAfter = expireAfter },
            new EmbeddingTableSpec { Name = "tag", Dimension = 4 },
            new EmbeddingTableSpec { Name = "watched.outcome", Dimension = 2 },
            new EmbeddingTableSpec { Name = "watched.age", Dimension = 3 },
        ],
        Tasks = new TaskSet(
        [
            new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromMinutes(10) },
            new RankingTask { Name = "cvr", Outcome = "conversion", Given = "ctr", Joint = "ctcvr", Window = TimeSpan.FromHours(1) },
        ]),
        Architecture = With(interactions, new ArchitectureSpec { Kind = kind, EntireSpace = entireSpace, Bottom = [32, 16], Experts = 3, Expert = [32, 16], Tower = [8], Dropout = dropout }),
        Objectives = [new Objective("default", "ctr", ImmutableSortedDictionary<string, double>.Empty)],
        Training = (training ?? (same => same))(new TrainingSpec { EmbeddingLearningRate = 0.1f, LearningRate = 0.003f }),
    };

    /// <summary>Each interaction of inputs under a network, and in networks of their own for each task.</summary>
    public static TheoryData<ArchitectureKind, string> Interactions =>
    [
        .. from kind in new[] { ArchitectureKind.Mmoe, ArchitectureKind.SingleTask }
           from interactions in new[] { "cross", "cross of rank 5", "fm", "gate", "gate, cross, fm", "piecewise", "piecewise of 4, gate, fm", "periodic", "periodic of 8, cross, fm", "ids left out" }
           select new TheoryDataRow<ArchitectureKind, string>(kind, interactions),
    ];

    private static ArchitectureSpec With(string interactions, ArchitectureSpec plain) => interactions switch
    {
        "cross" => plain with { Cross = new CrossSpec(2, null) },
        "cross of rank 5" => plain with { Cross = new CrossSpec(2, 5) },
        "fm" => plain with { Factorization = true },
        "gate" => plain with { FeatureGate = new FeatureGateSpec(2) },
        "gate, cross, fm" => plain with { FeatureGate = new FeatureGateSpec(1), Cross = new CrossSpec(1, 8), Factorization = true },
        "periodic of 8, cross, fm" => plain with { Cross = new CrossSpec(1, null), Factorization = true },
        "piecewise of 4, gate, fm" => plain with { FeatureGate = new FeatureGateSpec(1), Factorization = true },
        "ids left out" => plain with { LeaveOut = [1, 3] },
        "members" => plain with
        {
            Members = [plain with { LeaveOut = [1, 3, 6], LossWeights = [1, 0.25f] }, new ArchitectureSpec { Kind = ArchitectureKind.SingleTask, EntireSpace = plain.EntireSpace, Bottom = [16], Tower = [8] }],
        },
        _ => plain,
    };

    private static FeatureSchema With(string interactions, FeatureSchema plain) => interactions switch
    {
        "piecewise" => With(plain, new NumericEmbedding { Kind = NumericEmbeddingKind.Piecewise, Bins = 7 }),
        "piecewise of 4, gate, fm" => With(plain, new NumericEmbedding { Kind = NumericEmbeddingKind.Piecewise, Bins = 12, Dimension = 4 }),
        "periodic" => With(plain, new NumericEmbedding { Kind = NumericEmbeddingKind.Periodic, Frequencies = 9, Deviation = 0.8f }),
        "periodic of 8, cross, fm" => With(plain, new NumericEmbedding { Kind = NumericEmbeddingKind.Periodic, Frequencies = 6, Dimension = 8 }),
        _ => plain,
    };

    private static FeatureSchema With(FeatureSchema plain, NumericEmbedding embedding) =>
        new(plain.Features.Select(feature => feature.Kind == FeatureKind.Numeric ? feature with { Embedding = embedding } : feature));

    /// <summary>What is fitted for the features of a model.</summary>
    public static ImmutableArray<NumericTransform> Transforms(ModelSpec spec) => TransformFitter.Fit(spec.Schema, Examples(1000, seed: 9));

    /// <summary>Click depends on user and item by a hidden table, conversion given click likewise.</summary>
    public static Example[] Examples(int count, int seed, bool unseen = false)
    {
        var random = new Random(seed);
        var user = new FeatureRecordWriter(Schema.Fingerprint);
        var item = new FeatureRecordWriter(Schema.Fingerprint);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (u, v) = (random.Next(40), random.Next(30));
            var shown = unseen && i % 10 == 0 ? 1000 + v : v;
            user.Clear();
            item.Clear();
            if (random.Next(20) > 0)
            {
                user.Write(1, u);
                user.Write(2, u / 40.0);
            }

            item.Write(3, shown);
            item.WriteList(4, [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(10))]);
            user.WriteList(5, [1L, u % 5], [1f, 2f]);
            var time = 1_700_000_000_000 + (i * 100L);
            WriteWatched(user, new Random((seed * 100_003) + i), time, unseen);
            var click = random.NextDouble() < Probability(u * 7 % 11, v * 5 % 9, 3);
            var conversion = click && random.NextDouble() < Probability(u * 3 % 11, v * 2 % 9, 2);
            return new Example
            {
                Sequence = i, EventTime = time, Impression = (UInt128)random.NextInt64(), User = (ulong)u,
                Features = new FeatureRecords(user.ToArray(), default, item.ToArray(), default),
                Labels = (click ? 1u : 0) | (conversion ? 2u : 0), Observed = 3,
            };
        })];
    }

    // None at all, none yet, or up to sixty, some of items that nothing was learned of.
    private static void WriteWatched(FeatureRecordWriter user, Random random, long time, bool unseen)
    {
        var (cells, entries) = (new SequenceCells(), random.Next(4) * random.Next(20));
        for (var entry = 0; entry < entries; entry++)
        {
            cells.Add(random.Next(30) + (unseen && random.Next(10) == 0 ? 1000 : 0));
            cells.Add(random.Next(4));
            if (random.Next(5) == 0)
            {
                cells.AddMissing();
            }
            else
            {
                cells.Add(random.Next(10));
            }

            cells.Add(time - random.Next(1_000_000));
        }

        if (random.Next(8) > 0)
        {
            user.WriteSequence(6, entries, 4, cells.Written);
        }
    }

    public static float[] Predict(Learner learner, ReadOnlySpan<Example> examples)
    {
        var outputs = new float[examples.Length * learner.Outputs.Length];
        learner.Predict(examples, outputs);
        return outputs;
    }

    private static double Probability(int a, int b, double scale) => 1 / (1 + Math.Exp(-scale * ((a / 5.0) + (b / 4.0) - 2)));
}
