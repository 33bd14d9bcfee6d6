using System.Collections.Immutable;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Events;
using Ranking.Files;
using Ranking.Metrics;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// What the rule <i>strictly before</i> guards, on KuaiRand: the AUC with which single statistics order the test days' clicks,
/// with the rule, and where each impression's own events are taken in before it reads.
/// </summary>
internal sealed class Leak : Benchmark
{
    public override string Name => "leak";

    public override string Description => "AUC of single statistics with the rule 'strictly before' and without it";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var job = JobFile.Load(Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", "kuairand-signal.yaml"));
        var model = job.Model;
        var specs = Chosen(model.Schema, model.Statistics);
        var rows = new Rows();
        await using (var log = TableEventLog.Open(job.Sources!, model.Schema))
        {
            await JoinReading.RunAsync(log, job.Join.MaxAhead, new LabelJoin(model.Tasks, job.Join, rows, rows), cancellation);
        }

        var examples = rows.Examples;
        var labels = examples.Where(IsTest).Select(row => (row.Labels & 1) == 1).ToArray();
        foreach (var isStrict in new[] { true, false })
        {
            var values = Read(model.Schema, specs, examples, isStrict);
            foreach (var (i, spec) in specs.Index())
            {
                var name = model.Schema.Features[model.Schema.SlotOf(spec.FeatureId)].Name;
                figures.Add($"{(isStrict ? "strict" : "leaking")}.{name}.auc", Auc.Of(values.ConvertAll(row => row[i]).ToArray(), labels));
            }
        }
    }

    // A rate of users, one of users and authors, and the regression.
    private static ImmutableArray<StatisticSpec> Chosen(FeatureSchema schema, ImmutableArray<StatisticSpec> all)
    {
        var (user, author) = (schema.Find("user_id")!.Id, schema.Find("author_id")!.Id);
        var clicks = all.Where(spec => spec is { Event: "click", Among: StatisticSpec.Impression }).ToArray();
        return
        [
            clicks.First(spec => spec.Kind == StatisticKind.Rate && spec.Key is [var key] && key == user),
            clicks.First(spec => spec.Kind == StatisticKind.Rate && spec.Key.Length == 2 && spec.Key.Contains(user) && spec.Key.Contains(author)),
            clicks.First(spec => spec.Kind == StatisticKind.Logistic),
        ];
    }

    /// <summary>The statistics of each test row, in order.</summary>
    private static List<float[]> Read(FeatureSchema schema, ImmutableArray<StatisticSpec> specs, IReadOnlyList<Example> rows, bool isStrict)
    {
        var fold = new StatisticsFold(schema, isStrict ? specs : [.. specs.Select(spec => spec with { Lag = TimeSpan.Zero })]);
        var values = new List<float[]>();
        foreach (var row in rows)
        {
            fold.AdvanceTo(row.EventTime);
            var before = fold.Complete(row.Features, row.EventTime, row.EventTime);
            fold.TakeImpression(row.Impression, default, row.Features, row.EventTime, row.EventTime);
            if ((row.Labels & 1) == 1)
            {
                fold.TakeOutcome("click", row.Impression, default, row.Features, row.EventTime, row.EventTime, row.EventTime, double.NaN);
            }

            if (!isStrict)
            {
                fold.AdvanceTo(row.EventTime + 1);
            }

            if (IsTest(row))
            {
                values.Add(ValuesOf(isStrict ? before : fold.Complete(row.Features, row.EventTime, row.EventTime), specs));
            }
        }

        return values;
    }

    private static float[] ValuesOf(in FeatureRecords records, ImmutableArray<StatisticSpec> specs)
    {
        var values = new float[specs.Length];
        for (var scope = FeatureScope.User; scope <= FeatureScope.Pair; scope++)
        {
            var reader = new FeatureRecordReader(records.Of(scope).Span);
            while (reader.Read())
            {
                for (var i = 0; i < specs.Length; i++)
                {
                    values[i] = reader.FeatureId == specs[i].FeatureId ? (float)BitConverter.ToDouble(reader.Value) : values[i];
                }
            }
        }

        return values;
    }

    private static bool IsTest(Example row) => row.Split == "test";

    /// <summary>The table's rows in the order of their time.</summary>
    private sealed class Rows : IJoinOutput, IEntityTables
    {
        private readonly List<Example> examples = [];

        public IReadOnlyList<Example> Examples => [.. examples.OrderBy(row => row.EventTime)];

        public void Impression(in JoinedImpression impression)
        {
        }

        public void Example(Example example) => examples.Add(example);

        public void Settled(in Settlement settlement)
        {
        }

        public ReadOnlyMemory<byte> User(string userId) => default;

        public ReadOnlyMemory<byte> Item(string itemId) => default;
    }
}
