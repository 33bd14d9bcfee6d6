using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>A user, an author and tags as keys, and statistics that are added one by one.</summary>
internal sealed class StatisticWorld
{
    public const int User = 1, Author = 2, Tags = 3, Item = 4;

    private readonly List<Feature> features =
    [
        new() { Id = User, Name = "user", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user", IsInput = false, IsEntityId = true },
        new() { Id = Author, Name = "author", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "author" },
        new() { Id = Tags, Name = "tags", Kind = FeatureKind.List, Scope = FeatureScope.Item, Table = "tag" },
        new() { Id = Item, Name = "item", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "item", IsEntityId = true },
    ];

    private readonly List<StatisticSpec> specs = [];
    private readonly List<FeatureScope> scopes = [];
    private readonly List<SequenceSpec> sequences = [];

    public FeatureSchema Schema => new(features);

    public ImmutableArray<StatisticSpec> Specs => [.. specs];

    public ImmutableArray<SequenceSpec> Sequences => [.. sequences];

    /// <summary>Declares a statistic; gives the number of its feature.</summary>
    public int Add(StatisticKind kind, int[] key, string name, FeatureScope scope, Func<StatisticSpec, StatisticSpec>? with = null)
    {
        var id = 100 + specs.Count;
        features.Add(new() { Id = id, Name = $"statistic{id}", Kind = FeatureKind.Numeric, Scope = scope, IsStatistic = true });
        scopes.Add(scope);
        var spec = new StatisticSpec { FeatureId = id, Key = [.. key], Kind = kind, Event = name, Expire = TimeSpan.FromDays(30) };
        specs.Add(with?.Invoke(spec) ?? spec);
        return id;
    }

    public StatisticsFold Fold() => new(Schema, Specs);

    public HistoryFold History(Func<string, bool>? isFrozen = null) => HistoryFold.Of(Schema, Specs, [.. sequences], isFrozen)!;

    /// <summary>Declares a user's last impressions, with their authors and clicks; gives the number of its feature.</summary>
    public int AddSequence(int last)
    {
        const int Id = 50;
        features.Add(new()
        {
            Id = Id,
            Name = "seen",
            Kind = FeatureKind.Sequence,
            Scope = FeatureScope.User,
            IsStatistic = true,
            Columns = [new("author", SequenceColumnKind.Feature, "author", Author), new("outcome", SequenceColumnKind.Outcome, "seen.outcome", 0)],
        });
        sequences.Add(new() { FeatureId = Id, Event = StatisticSpec.Impression, Last = last, Expire = TimeSpan.FromDays(30), Outcomes = ["click"] });
        return Id;
    }

    /// <summary>How many entries a sequence has in a user's record.</summary>
    public static int EntriesOf(in FeatureRecords records, int feature)
    {
        var reader = new FeatureRecordReader(records.User.Span);
        while (reader.Read())
        {
            if (reader.FeatureId == feature)
            {
                return new SequenceReader(reader.Value).Entries;
            }
        }

        return 0;
    }

    public static FeatureRecords Records(long user, long author, params long[] tags)
    {
        var (forUser, forItem) = (new FeatureRecordWriter(0), new FeatureRecordWriter(0));
        forUser.Write(User, user);
        forItem.Write(Author, author);
        forItem.WriteList(Tags, tags);
        return new(forUser.ToArray(), default, forItem.ToArray(), default);
    }

    /// <summary>Records that name the item as well.</summary>
    public static FeatureRecords RecordsOf(long user, long item, long author)
    {
        var (forUser, forItem) = (new FeatureRecordWriter(0), new FeatureRecordWriter(0));
        forUser.Write(User, user);
        forItem.Write(Item, item);
        forItem.Write(Author, author);
        return new(forUser.ToArray(), default, forItem.ToArray(), default);
    }

    /// <summary>The raw value of a feature; NaN where the records lack it.</summary>
    public double ValueOf(in FeatureRecords records, int feature)
    {
        var reader = new FeatureRecordReader(records.Of(scopes[feature - 100]).Span);
        while (reader.Read())
        {
            if (reader.FeatureId == feature)
            {
                return BitConverter.ToDouble(reader.Value);
            }
        }

        return double.NaN;
    }
}
