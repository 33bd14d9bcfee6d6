using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Evaluation.Tests;

/// <summary>
/// A click-and-conversion funnel whose probabilities are known: clicks follow from user and item, each alone and both
/// together, and a number; conversions from the item. Scores are the truth, moved by noise.
/// </summary>
internal sealed class Funnel : IExampleScorer, IBatchScorer
{
    public const uint Click = 1, Conversion = 2, Both = 3;
    private readonly Dictionary<UInt128, float[]> truths = [];
    private readonly Dictionary<UInt128, float[]> scores = [];

    public Funnel(int impressions, int seed, double noise = 0.3)
    {
        var random = new Random(seed);
        var writer = new FeatureRecordWriter(Spec.Schema.Fingerprint);
        Examples = [.. Enumerable.Range(0, impressions).Select(number =>
        {
            var (user, item, price) = (random.Next(40), random.Next(60), random.NextDouble());
            var (click, conversion) = Truth(user, item, price);
            truths[(UInt128)number] = [(float)click, (float)conversion];
            var labels = (random.NextDouble() < click ? Click : 0) | (random.NextDouble() < conversion ? Conversion : 0);
            if ((labels & Click) == 0)
            {
                labels = 0;
            }

            var (ctr, cvr) = (Moved(click), Moved(conversion));
            scores[(UInt128)number] = [0, ctr, 0, cvr, ctr * cvr];
            return new Example
            {
                Sequence = number,
                EventTime = 1_651_708_800_000 + (number * 1000L),
                Position = number % 5,
                Impression = (UInt128)number,
                User = (ulong)user,
                Features = new FeatureRecords(
                    Record(1, user), Record(2, number % 3 == 0 ? "feed" : "search"), Record(3, item), Number(4, price)),
                Labels = labels,
                Observed = Both,
                Split = number < impressions * 0.7 ? "train" : "test",
            };
        })];

        float Moved(double probability) => (float)Sigmoid(Math.Log(probability / (1 - probability)) + (noise * (random.NextDouble() - 0.5) * 2));

        byte[] Record(int id, object value)
        {
            writer.Clear();
            if (value is string text)
            {
                writer.Write(id, text);
            }
            else
            {
                writer.Write(id, (long)(int)value);
            }

            return writer.ToArray();
        }

        byte[] Number(int id, double value)
        {
            writer.Clear();
            writer.Write(id, value);
            return writer.ToArray();
        }
    }

    public static ModelSpec Spec { get; } = new()
    {
        Name = "funnel",
        Schema = new FeatureSchema(
        [
            new Feature { Id = 1, Name = "user", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user" },
            new Feature { Id = 2, Name = "tab", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "tab" },
            new Feature { Id = 3, Name = "item", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "item" },
            new Feature { Id = 4, Name = "price", Kind = FeatureKind.Numeric, Scope = FeatureScope.Pair },
        ]),
        Tables = [.. new[] { "user", "tab", "item" }.Select(name => new EmbeddingTableSpec { Name = name, Dimension = 4 })],
        Tasks = new TaskSet(
        [
            new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromMinutes(1) },
            new RankingTask { Name = "cvr", Outcome = "conversion", Given = "ctr", Joint = "ctcvr", Window = TimeSpan.FromMinutes(1) },
        ]),
        Architecture = new ArchitectureSpec { Kind = ArchitectureKind.Mmoe, EntireSpace = true },
        Objectives = [new Objective("default", "ctcvr", ImmutableSortedDictionary<string, double>.Empty)],
        Training = new TrainingSpec(),
    };

    public ImmutableArray<Example> Examples { get; }

    public EvaluatedModel Model => new()
    {
        Version = "7",
        Spec = Spec,
        Outputs = Architecture.Build(Spec).Outputs,
        Transforms = [],
        Scorer = this,
        Rescorer = () => this,
    };

    public EvaluationSet Set
    {
        get
        {
            var set = new EvaluationSet();
            foreach (var example in Examples)
            {
                set.Add(example);
            }

            return set;
        }
    }

    public EvaluationReport Judge(EvaluationOptions options, EvaluationSet? set = null, bool knowsTruth = false, EvaluatedModel? against = null) =>
        new EvaluationRun(Model, options, against: against).Run(set ?? Set, knowsTruth ? Truth : null, TestContext.Current.CancellationToken);

    public static Example Copy(Example example, uint labels, uint observed) => new()
    {
        Sequence = example.Sequence,
        EventTime = example.EventTime,
        Position = example.Position,
        Impression = example.Impression,
        User = example.User,
        Features = example.Features,
        Labels = labels,
        Observed = observed,
        Split = example.Split,
    };

    /// <summary>The score of an output: ctr 1, cvr 3, ctcvr 4.</summary>
    public float ScoreOf(Example example, int output) => scores[example.Impression][output];

    public void Truth(Example example, Span<float> conditional) => truths[example.Impression].CopyTo(conditional);

    public bool TryScore(Example example, Span<float> outputs) => scores[example.Impression].AsSpan().TryCopyTo(outputs);

    /// <summary>The truth of the values that the records hold.</summary>
    public void Score(ReadOnlySpan<Example> examples, Span<float> outputs)
    {
        for (var i = 0; i < examples.Length; i++)
        {
            var (user, item) = (Integer(examples[i].Features.User), Integer(examples[i].Features.Item));
            var reader = new FeatureRecordReader(examples[i].Features.Pair.Span);
            reader.Read();
            var (ctr, cvr) = Truth(user, item, System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(reader.Value));
            float[] values = [0, (float)ctr, 0, (float)cvr, (float)(ctr * cvr)];
            values.CopyTo(outputs[(5 * i)..]);
        }
    }

    private static long Integer(ReadOnlyMemory<byte> record)
    {
        var reader = new FeatureRecordReader(record.Span);
        reader.Read();
        var value = reader.Value;
        return FeatureRecordReader.TakeInteger(ref value);
    }

    private static (double Click, double Conversion) Truth(long user, long item, double price) => (
        Sigmoid(Math.Sin(user) + Math.Cos(item) + (2 * Math.Cos(user) * Math.Sin(item)) + price - 1), Sigmoid((1.5 * Math.Cos(item)) - 0.5));

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
