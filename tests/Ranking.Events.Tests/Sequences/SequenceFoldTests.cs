using CsCheck;
using Ranking.Core;

namespace Ranking.Events.Tests;

public sealed class SequenceFoldTests
{
    private const ulong Ann = 11, Bob = 12;
    private const long Minute = 60_000, Start = 1_700_000_000_000;

    private static readonly FeatureSchema Schema = new(
    [
        new Feature { Id = 1, Name = "video", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "video" },
        new Feature { Id = 2, Name = "tags", Kind = FeatureKind.List, Scope = FeatureScope.Item, Table = "tags" },
        new Feature { Id = 3, Name = "tab", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "tab" },
        Sequence(4, "watched",
            new SequenceColumn("video", SequenceColumnKind.Feature, "video", 1),
            new SequenceColumn("outcome", SequenceColumnKind.Outcome, "watched.outcome", 0),
            new SequenceColumn("tags", SequenceColumnKind.Feature, "tags", 2),
            new SequenceColumn("age", SequenceColumnKind.Age, "watched.age", 0)),
        Sequence(5, "clicked", new SequenceColumn("tab", SequenceColumnKind.Feature, "tab", 3), new SequenceColumn("video", SequenceColumnKind.Feature, "video", 1)),
    ]);

    private static readonly SequenceSpec Watched = new()
    {
        FeatureId = 4,
        Event = StatisticSpec.Impression,
        Last = 3,
        Lag = TimeSpan.FromMinutes(10),
        Expire = TimeSpan.FromDays(1),
        Outcomes = ["click", "conversion"],
    };

    private static readonly SequenceSpec Clicked = new() { FeatureId = 5, Event = "click", Last = 2, Expire = TimeSpan.FromDays(1) };

    [Fact]
    public void Complete_ImpressionsOfAUser_AreReadNewestFirstFromTheLagOn()
    {
        var fold = Fold();
        Show(fold, 1, Ann, 0, "x");
        Show(fold, 2, Ann, Minute, null);
        Show(fold, 3, Bob, Minute, "x");

        Assert.Empty(Read(fold, Ann, 10 * Minute, 4));
        Assert.Equal([$"101 0 x {Start}"], Read(fold, Ann, (10 * Minute) + 1, 4));
        Assert.Equal([$"102 0 - {Start + Minute}", $"101 0 x {Start}"], Read(fold, Ann, 12 * Minute, 4));
    }

    [Fact]
    public void Complete_Outcomes_AreReadFromTheirPlaceOrTheLagOnWhicheverIsLater()
    {
        var fold = Fold();
        Show(fold, 1, Ann, 0, "x");
        Click(fold, "click", 1, Ann, 0, 5_000);
        Click(fold, "conversion", 1, Ann, 0, 30 * Minute);

        Assert.Equal(["- 101"], Read(fold, Ann, 5_001, 5));
        Assert.Empty(Read(fold, Ann, 9 * Minute, 4));
        Assert.Equal([$"101 1 x {Start}"], Read(fold, Ann, 30 * Minute, 4));
        Assert.Equal([$"101 3 x {Start}"], Read(fold, Ann, (30 * Minute) + 1, 4));
    }

    [Fact]
    public void Complete_MoreEntriesThanDeclared_AreTheNewest()
    {
        var fold = Fold();
        for (var i = 0; i < 20; i++)
        {
            Show(fold, i, Ann, i * Minute, "x");
        }

        Assert.Equal([119, 118, 117], Read(fold, Ann, 60 * Minute, 4).Select(entry => int.Parse(entry.Split(' ')[0])));
    }

    [Fact]
    public void Complete_UserWithoutEntriesForLong_HasNone()
    {
        var fold = Fold();
        Show(fold, 1, Ann, 0, "x");
        var day = 24 * 60 * Minute;

        Assert.Single(Read(fold, Ann, day + (10 * Minute), 4));
        Assert.Empty(Read(fold, Ann, day + (10 * Minute) + 1, 4));
        Show(fold, 2, Ann, 2 * day, "y");
        Assert.Equal([$"102 0 y {Start + (2 * day)}"], Read(fold, Ann, (2 * day) + (11 * Minute), 4));
    }

    [Fact]
    public void AdvanceTo_ManyUsersWhoLeave_HoldsOnlyThoseWhoCame()
    {
        var fold = Fold();
        for (var i = 0; i < 20_000; i++)
        {
            Show(fold, i, (ulong)i, i * 10 * Minute, "x");
            fold.AdvanceTo(Start + (i * 10 * Minute));
        }

        // A day has 144 impressions.
        Assert.InRange(fold.Users, 144, 600);
    }

    [Fact]
    public void Complete_DerivedColumn_IsTheIdThatTheEncoderMakesAtTheImpression()
    {
        var schema = new FeatureSchema(
        [
            .. Schema.Features[..3],
            new Feature { Id = 6, Name = "length", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, IsInput = false },
            new Feature { Id = 7, Name = "step", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "step", Derived = "length / 10" },
            new Feature { Id = 8, Name = "hour", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "hour", Derived = "hour(event_time)" },
            Sequence(9, "steps", new SequenceColumn("step", SequenceColumnKind.Feature, "step", 7), new SequenceColumn("hour", SequenceColumnKind.Feature, "hour", 8)),
        ]);
        var fold = new SequenceFold(schema, [new SequenceSpec { FeatureId = 9, Event = StatisticSpec.Impression, Last = 3, Expire = TimeSpan.FromDays(1) }]);
        var item = new FeatureRecordWriter(schema.Fingerprint);
        item.Write(6, 47L);
        fold.TakeImpression(1, Ann, new FeatureRecords(default, default, item.ToArray(), default), Start, Start);
        fold.TakeImpression(2, Ann, default, Start + (60 * Minute), Start + (60 * Minute));

        Assert.Equal(["- 23", "4 22"], Read(fold, Ann, 120 * Minute, 9));
    }

    [Fact]
    public void Complete_OtherValues_AreKept()
    {
        var fold = Fold();
        Show(fold, 1, Ann, 0, "x");
        fold.AdvanceTo(Start + (20 * Minute));
        var writer = new FeatureRecordWriter(Schema.Fingerprint);
        writer.Write(77, "kept");

        var reader = new FeatureRecordReader(fold.Complete(writer.ToArray(), Ann, Start + (20 * Minute)).Span);
        Assert.True(reader.Read());
        Assert.Equal(77, reader.FeatureId);
        Assert.True(reader.Read());
        Assert.Equal(4, reader.FeatureId);
        Assert.True(fold.Complete(default, Bob, Start).IsEmpty);
    }

    [Fact]
    public void Read_OtherDeclarations_AreRefused()
    {
        var bytes = Save(Fold());
        var other = new SequenceFold(Schema, [Watched with { Last = 4 }, Clicked]);
        Assert.Throws<InvalidDataException>(() => other.Read(new EntryReader(new MemoryStream(bytes))));
    }

    [Fact]
    public void Complete_RandomEventsWithARestart_IsWhatAScanOfThePastGives() =>
        Gen.Select(Gen.Int[0, 3], Gen.Long[0, 40], Gen.Int[0, 3], Gen.Long[0, 30]).Array[1, 60].Select(Gen.Int[0, 59]).Sample((draws, restart) =>
        {
            var fold = Fold();
            var events = new List<(long Seen, long Arrival, int Impression, ulong User, uint Bit)>();
            var now = 0L;
            var steps = new List<(long At, Action<SequenceFold> Do)>();
            foreach (var (i, (user, gap, outcomes, delay)) in draws.Index())
            {
                var shown = now += gap * Minute;
                steps.Add((shown, to => Show(to, i, (ulong)user, shown, "x")));
                events.Add((shown + (10 * Minute), 0, i, (ulong)user, 0));
                for (var bit = 0; bit < outcomes && bit < 2; bit++)
                {
                    var (at, name) = (shown + ((delay + bit) * Minute), Watched.Outcomes[bit]);
                    steps.Add((at, to => Click(to, name, i, (ulong)user, shown, at)));
                    events.Add((Math.Max(at, shown + (10 * Minute)), 1 + bit, i, (ulong)user, 1u << bit));
                }
            }

            foreach (var (number, (at, take)) in steps.OrderBy(step => step.At).Index())
            {
                if (number == restart)
                {
                    var saved = Save(fold);
                    fold = Fold();
                    fold.Read(new EntryReader(new MemoryStream(saved)));
                    Assert.Equal(saved, Save(fold));
                }

                for (var user = 0UL; user < 4; user++)
                {
                    var visible = events.Where(one => one.User == user && one.Seen < at).ToList();
                    var expected = visible.Where(one => one.Bit == 0).OrderByDescending(one => one.Impression).Take(3)
                        .Select(one => $"{one.Impression + 100} {visible.Where(other => other.Impression == one.Impression).Sum(other => other.Bit)}");
                    Assert.Equal(expected, Read(fold, user, at, 4).Select(entry => string.Join(' ', entry.Split(' ')[..2])));
                }

                take(fold);
            }
        });

    private static Feature Sequence(int id, string name, params SequenceColumn[] columns) =>
        new() { Id = id, Name = name, Kind = FeatureKind.Sequence, Scope = FeatureScope.User, Columns = [.. columns] };

    private static SequenceFold Fold() => new(Schema, [Watched, Clicked]);

    private static void Show(SequenceFold fold, int impression, ulong user, long at, string? tag) =>
        fold.TakeImpression((UInt128)impression, user, Records(impression, tag), Start + at, Start + at);

    private static void Click(SequenceFold fold, string name, int impression, ulong user, long shown, long at) =>
        fold.TakeOutcome(name, (UInt128)impression, user, Records(impression, "x"), Start + shown, Start + shown, Start + at);

    private static FeatureRecords Records(int impression, string? tag)
    {
        var item = new FeatureRecordWriter(Schema.Fingerprint);
        item.Write(1, impression + 100L);
        if (tag is not null)
        {
            item.WriteList(2, [tag, "other"]);
        }

        return new FeatureRecords(default, default, item.ToArray(), default);
    }

    private static byte[] Save(SequenceFold fold)
    {
        using var stream = new MemoryStream();
        using (var writer = new EntryWriter(stream))
        {
            fold.Write(writer);
        }

        return stream.ToArray();
    }

    // The entries of a sequence as text; '-' for what is missing.
    private static List<string> Read(SequenceFold fold, ulong user, long at, int featureId)
    {
        fold.AdvanceTo(Start + at);
        var reader = new FeatureRecordReader(fold.Complete(default, user, Start + at).Span);
        var entries = new List<string>();
        while (reader.Read())
        {
            var sequence = new SequenceReader(reader.FeatureId == featureId ? reader.Value : [2, 0, 0]);
            for (var entry = 0; entry < sequence.Entries; entry++)
            {
                var cells = new string[sequence.Columns];
                for (var column = 0; column < cells.Length; column++)
                {
                    sequence.Read();
                    var value = sequence.Value;
                    cells[column] = sequence.Type switch
                    {
                        0 => "-",
                        FeatureValueType.Integer => $"{FeatureRecordReader.TakeInteger(ref value)}",
                        _ => System.Text.Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value)),
                    };
                }

                entries.Add(string.Join(' ', cells));
            }
        }

        return entries;
    }
}
