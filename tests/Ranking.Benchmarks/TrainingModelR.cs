using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>Model R: 12 user and 8 item features of 16 dimensions, 8 experts 256-128, two gates, towers 64; or one with other experts.</summary>
internal sealed class TrainingModelR
{
    public const int Features = 20;
    public const int Dimension = 16;
    public const int BatchSize = 2048;

    private const int UserFeatures = 12;
    private readonly long idsPerTable;
    private readonly Random random = new(7);

    /// <param name="rows">Ids in all tables together.</param>
    /// <param name="experts">How many experts.</param>
    /// <param name="expert">Their layers; null is 256-128.</param>
    /// <param name="dimension">Numbers a row of a table.</param>
    public TrainingModelR(long rows, int experts = 8, ImmutableArray<int>? expert = null, int dimension = Dimension)
    {
        idsPerTable = rows / Features;
        var schema = new FeatureSchema(Enumerable.Range(1, Features).Select(id => new Feature
        {
            Id = id,
            Name = $"f{id}",
            Kind = FeatureKind.Categorical,
            Scope = id <= UserFeatures ? FeatureScope.User : FeatureScope.Item,
            Table = $"t{id}",
        }));
        Spec = new ModelSpec
        {
            Name = "r",
            Schema = schema,
            Tables = [.. schema.Features.Select(feature => new EmbeddingTableSpec { Name = feature.Table!, Dimension = dimension })],
            Tasks = new TaskSet(
            [
                new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromHours(1) },
                new RankingTask { Name = "cvr", Outcome = "conversion", Given = "ctr", Joint = "ctcvr", Window = TimeSpan.FromHours(1) },
            ]),
            // In 8 bits once it is quantised; until then in 32.
            Precision = ScoringPrecision.Int8,
            Architecture = new ArchitectureSpec { Kind = ArchitectureKind.Mmoe, EntireSpace = true, Experts = experts, Expert = expert ?? [256, 128], Tower = [64] },
            Objectives = [new Objective("default", "ctr", ImmutableSortedDictionary<string, double>.Empty)],
            Training = new TrainingSpec { BatchSize = BatchSize },
        };
    }

    public ModelSpec Spec { get; }

    public long IdsPerTable => idsPerTable;

    /// <summary>[examples, features] ids, 0 the most frequent: P(k) = ln(1 + 1/k) / ln(n + 1) for the k-th, Zipf's law of exponent 1.</summary>
    public long[,] Ids()
    {
        var ids = new long[BatchSize, Features];
        for (var example = 0; example < BatchSize; example++)
        {
            for (var feature = 0; feature < Features; feature++)
            {
                ids[example, feature] = Math.Min(idsPerTable - 1, (long)Math.Exp(random.NextDouble() * Math.Log(idsPerTable + 1)) - 1);
            }
        }

        return ids;
    }

    /// <summary>Examples of those ids; a quarter is clicked, a sixteenth converted.</summary>
    public Example[] Examples(long[,] ids)
    {
        var (user, item) = (new FeatureRecordWriter(Spec.Schema.Fingerprint), new FeatureRecordWriter(Spec.Schema.Fingerprint));
        var examples = new Example[BatchSize];
        for (var example = 0; example < BatchSize; example++)
        {
            user.Clear();
            item.Clear();
            for (var feature = 0; feature < Features; feature++)
            {
                (feature < UserFeatures ? user : item).Write(feature + 1, ids[example, feature]);
            }

            examples[example] = new Example
            {
                Sequence = example,
                EventTime = 1_700_000_000_000,
                Impression = (UInt128)random.NextInt64(),
                User = (ulong)ids[example, 0],
                Features = new FeatureRecords(user.ToArray(), default, item.ToArray(), default),
                Labels = (example % 4 == 0 ? 1u : 0) | (example % 16 == 0 ? 2u : 0),
                Observed = 3,
            };
        }

        return examples;
    }
}
