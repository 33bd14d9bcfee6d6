using System.Globalization;
using CsCheck;
using Ranking.Core;

namespace Ranking.Files.Tests;

public sealed class KindFinderTests
{
    // Names without a hint, so that what the column holds decides.
    private const string NoHint = "q";

    private static readonly Gen<string> word = Gen.String[Gen.Char['a', 'z'], 3, 8];

    [Fact]
    public void Find_OneValueInEveryRow_IsUseless() =>
        Gen.Select(Gen.String[1, 20], Gen.Int[2, 50]).Sample((value, rows) =>
            Assert.Equal(ColumnRole.Useless, Find(NoHint, Enumerable.Repeat<string?>(value, rows)).Role));

    [Fact]
    public void Find_OneValueOrNothing_IsCategorical() =>
        word.Sample(value => Assert.Equal(ColumnRole.Categorical, Find(NoHint, [value, null, value]).Role));

    [Fact]
    public void Find_NumbersWithDecimals_AreNumericWhateverTheName() =>
        Gen.Select(Gen.Double[-1e6, 1e6].Array[2, 100], Gen.OneOf(Gen.Const("q"), Gen.Const("type"), Gen.Const("user_id"), Gen.Const("count"))).Sample((numbers, name) =>
        {
            var values = numbers.Select(number => (Math.Floor(number) + 0.5).ToString(CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(values.Distinct().Count() == 1 ? ColumnRole.Useless : ColumnRole.Numeric, Find(name, values).Role);
        });

    [Fact]
    public void Find_NumbersWithOneText_AreNeverNumeric() =>
        Gen.Select(Gen.Double[-1e6, 1e6].Array[1, 100], word).Sample((numbers, text) =>
            Assert.NotEqual(ColumnRole.Numeric, Find("count", [.. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)), $"~{text}"]).Role));

    [Fact]
    public void Find_WholeNumbers_TheNameDecides() =>
        Gen.Int[0, 1_000_000].HashSet[3, 100].Sample(numbers =>
        {
            var values = numbers.Concat(numbers).Select(number => $"{number}").ToList();
            Assert.Equal(ColumnRole.Numeric, Find("fans_num", values).Role);
            Assert.Equal(ColumnRole.Categorical, Find("fans_num_range", values).Role);
        });

    [Fact]
    public void Find_WholeNumbers_AreTheSameWithOrWithoutAPoint() =>
        Gen.Select(Gen.Int[-50, 100_000].Array[2, 100], Gen.OneOf(Gen.Const("q"), Gen.Const("type"), Gen.Const("count"))).Sample((numbers, name) =>
            Assert.Equal(Find(name, numbers.Select(number => $"{number}")).Role, Find(name, numbers.Select(number => $"{number}.0")).Role));

    [Fact]
    public void Find_ListsOfFewAtoms_AreListsWithTheirSeparator() =>
        Gen.Select(word.HashSet[4, 10], Gen.OneOf(Gen.Const(","), Gen.Const("|"), Gen.Const(";")), Gen.Int[0, 1000]).Sample((atoms, separator, seed) =>
        {
            var (random, all) = (new Random(seed), atoms.ToArray());
            var rows = Enumerable.Range(0, 100).Select(i => string.Join(separator, random.GetItems(all, 1 + (i % 3)))).ToList();
            var found = Find("interests", rows);
            Assert.Equal((ColumnRole.List, separator), (found.Role, found.Separator));
            var weighted = Find("interests", rows.Select(row => string.Join(separator, row.Split(separator).Select(atom => $"{atom}:{random.Next(9)}.5"))));
            Assert.Equal((ColumnRole.WeightedList, separator), (weighted.Role, weighted.Separator));
        });

    [Fact]
    public void Find_Ranges_AreNoLists() =>
        Assert.Equal(ColumnRole.Categorical, Find("fans_range", ["(10,50]", "(50,100]", "(10,50]", "500+", "(100,150]"]).Role);

    [Theory]
    [InlineData(ColumnRole.Date, "2022-04-10", "2022-04-11", "2022-04-10")]
    [InlineData(ColumnRole.Categorical, "NORMAL", "AD", "AD")]
    [InlineData(ColumnRole.Useless, "one", "two", "three")]
    public void Find_Texts_AreToldApart(ColumnRole role, params string[] values) => Assert.Equal(role, Find(NoHint, values).Role);

    [Fact]
    public void Find_LongTail_IsLog1p()
    {
        var tail = Find("price", Enumerable.Range(1, 1000).Select(i => $"{1_000_000 / i}"));
        Assert.Equal(TransformKind.Log1p, tail.Transform);
        Assert.Equal(TransformKind.Standard, Find("price", Enumerable.Range(1, 1000).Select(i => $"{i}")).Transform);
    }

    private static ColumnDraft Find(string name, IEnumerable<string?> values)
    {
        var facts = new ColumnFacts();
        var rows = values.ToList();
        rows.ForEach(value => facts.Add(TableValue.Of(value)));
        return KindFinder.Find(new ColumnProfile(name, facts, rows.Select(value => string.IsNullOrEmpty(value) ? null : value)));
    }
}
