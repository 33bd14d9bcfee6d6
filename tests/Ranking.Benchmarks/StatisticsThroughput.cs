using System.Collections.Immutable;
using System.Diagnostics;
using Ranking.Core;
using Ranking.Events;

namespace Ranking.Benchmarks;

/// <summary>
/// Impressions and clicks a second of processor time through twenty statistics: each impression reads them, is written into
/// its records, and is counted with what followed it.
/// </summary>
internal sealed class StatisticsThroughput : Benchmark
{
    private const int Impressions = 200_000;
    private const int Rounds = 5;
    private const int Candidates = 500;
    private const int Requests = 300;
    private const int User = 1, Item = 2, Author = 3;
    private const long Start = 1_700_000_000_000;

    public override string Name => "statistics";

    public override string Description => "events a second a core through twenty statistics, and what a request of 500 candidates spends on them";

    public override Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var schema = new FeatureSchema([.. Keys(), .. Specs().Select(spec => new Feature
        {
            Id = spec.FeatureId,
            Name = $"statistic{spec.FeatureId}",
            Kind = FeatureKind.Numeric,
            Scope = spec.Key.Length == 2 ? FeatureScope.Pair : spec.Key[0] == User ? FeatureScope.User : FeatureScope.Item,
            IsStatistic = true,
        })]);
        var records = Records(schema);
        figures.Add("statistics", Specs().Length);
        var rates = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            GC.Collect();
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            var events = Fold(new StatisticsFold(schema, Specs()), records);
            rates[round] = events / (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        }

        Array.Sort(rates);
        figures.Add("events_per_second_per_core", rates[Rounds / 2]);
        figures.Add("request_of_500_milliseconds", MillisecondsOfARequest(schema, records));
        return Task.CompletedTask;
    }

    private static int Fold(StatisticsFold fold, FeatureRecords[] records)
    {
        var events = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var time = Start + (i * 20L);
            fold.AdvanceTo(time);
            var features = fold.Complete(records[i], time, time);
            fold.TakeImpression((UInt128)i, default, features, time, time);
            events++;
            if (i % 2 == 0)
            {
                fold.TakeOutcome("click", (UInt128)i, default, features, time, time, time, double.NaN);
                events++;
            }
        }

        return events;
    }

    // What a server does for them: the stored state of one user and 500 items, worked out as of now.
    private static double MillisecondsOfARequest(FeatureSchema schema, FeatureRecords[] records)
    {
        var history = HistoryFold.Of(schema, Specs(), [])!;
        var export = new HistoryExport(history, null);
        for (var i = 0; i < records.Length; i++)
        {
            var time = Start + (i * 20L);
            history.AdvanceTo(time);
            history.Take(new ImpressionEntry { Key = (UInt128)i, Due = default, User = UserOf(i), Item = ItemOf(i), Features = records[i], Time = time, Place = time });
        }

        history.AdvanceTo(long.MaxValue);
        var state = export.Take(int.MaxValue);
        var (users, items) = (state.Users.ToDictionary(), state.Items.ToDictionary());
        using var attributes = new AttributeHistory(int.MaxValue);
        attributes.Apply(new AttributeChanges(default, state.Attributes));
        var candidates = Enumerable.Range(0, Candidates).Select(i => i * 37).ToArray();
        var request = new RequestRecords(records[0].User, default, [.. candidates.Select(i => records[i].Item)], []);
        var stored = new StoredHistory(users[UserOf(0)], [.. candidates.Select(i => (ReadOnlyMemory<byte>)items[ItemOf(i)])], attributes);
        var reader = new RequestHistory(schema, Specs(), []);
        var times = new double[Requests];
        for (var i = 0; i < Requests; i++)
        {
            var start = Stopwatch.GetTimestamp();
            reader.Complete(request, stored, Start + (records.Length * 20L));
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[Requests / 2];

        ulong UserOf(int i) => KeyIn(records[i].User, User);

        ulong ItemOf(int i) => KeyIn(records[i].Item, Item);
    }

    private static ulong KeyIn(ReadOnlyMemory<byte> record, int feature)
    {
        var reader = new FeatureRecordReader(record.Span);
        while (reader.Read() && reader.FeatureId != feature)
        {
        }

        var value = reader.Value;
        return (ulong)FeatureRecordReader.TakeInteger(ref value);
    }

    private static IEnumerable<Feature> Keys() =>
    [
        new() { Id = User, Name = "user", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user", IsEntityId = true },
        new() { Id = Item, Name = "item", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "item", IsEntityId = true },
        new() { Id = Author, Name = "author", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "author" },
    ];

    // Under each of five keys two rates, a count and the time since the newest.
    private static ImmutableArray<StatisticSpec> Specs()
    {
        ImmutableArray<int>[] keys = [[User], [Item], [Author], [User, Item], [User, Author]];
        StatisticSpec Spec(ImmutableArray<int> key, StatisticKind kind, int days) => new()
        {
            FeatureId = 0,
            Key = key,
            Kind = kind,
            Event = kind == StatisticKind.Rate ? "click" : StatisticSpec.Impression,
            Among = StatisticSpec.Impression,
            Window = new(WindowKind.Decay, TimeSpan.FromDays(days)),
            Expire = TimeSpan.FromDays(30),
            Lag = TimeSpan.FromMinutes(10),
        };
        return [.. keys.SelectMany(key => new[] { Spec(key, StatisticKind.Rate, 1), Spec(key, StatisticKind.Rate, 7), Spec(key, StatisticKind.Count, 1), Spec(key, StatisticKind.Since, 1) })
            .Select((spec, i) => spec with { FeatureId = 100 + i })];
    }

    private static FeatureRecords[] Records(FeatureSchema schema)
    {
        var random = new Random(1);
        var (user, item) = (new FeatureRecordWriter(schema.Fingerprint), new FeatureRecordWriter(schema.Fingerprint));
        return [.. Enumerable.Range(0, Impressions).Select(_ =>
        {
            user.Clear();
            item.Clear();
            user.Write(User, (long)random.Next(20_000));
            var shown = (long)(Math.Pow(random.NextDouble(), 3) * 50_000);
            item.Write(Item, shown);
            item.Write(Author, shown % 5_000);
            return new FeatureRecords(user.ToArray(), default, item.ToArray(), default);
        })];
    }
}
