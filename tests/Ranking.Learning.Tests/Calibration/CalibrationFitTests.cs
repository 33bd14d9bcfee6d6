using Ranking.Models;

namespace Ranking.Learning.Tests;

public sealed class CalibrationFitTests
{
    public static TheoryData<CalibrationMethod> Methods => [CalibrationMethod.Platt, CalibrationMethod.Isotonic];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Run_SlicesOfDifferentDistortion_GivesEachItsOwnMap(CalibrationMethod method)
    {
        var random = new Random(5);
        CalibrationRow[] rows =
        [
            .. CalibrationRows.Draw(20_000, random, logit => CalibrationLevel.Sigmoid(logit - 1), slice: 11),
            .. CalibrationRows.Draw(20_000, random, logit => CalibrationLevel.Sigmoid(logit + 1), slice: ulong.MaxValue - 5),
        ];

        var map = Fit(method, rows);

        foreach (var logit in new[] { -2f, 0f, 1.5f })
        {
            Assert.Equal(CalibrationLevel.Sigmoid(logit - 1), CalibrationLevel.Sigmoid(map.Apply(11, logit)), 0.03);
            Assert.Equal(CalibrationLevel.Sigmoid(logit + 1), CalibrationLevel.Sigmoid(map.Apply(ulong.MaxValue - 5, logit)), 0.03);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Run_UnseenAndSmallSlices_TakeTheMapOfTheOthersAtTheirLevel(CalibrationMethod method)
    {
        var random = new Random(6);
        CalibrationRow[] large = CalibrationRows.Draw(20_000, random, logit => CalibrationLevel.Sigmoid(logit), slice: 1);
        CalibrationRow[] small = [.. Enumerable.Range(0, 20).SelectMany(slice => CalibrationRows.Draw(200, random, logit => CalibrationLevel.Sigmoid(logit - 2), (ulong)slice + 100))];

        var map = Fit(method, [.. large, .. small]);

        Assert.Equal(map.Apply(99_999, 0.3f), map.Apply(107, 0.3f));
        Assert.NotEqual(map.Apply(1, 0.3f), map.Apply(107, 0.3f));
        Assert.Equal(small.Average(row => row.IsPositive ? 1 : 0), small.Average(row => CalibrationLevel.Sigmoid(map.Apply(row.Slice, row.Logit))), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Run_AnyData_RisesStrictly(CalibrationMethod method)
    {
        var map = Fit(method, CalibrationRows.Draw(3_000, new Random(8), logit => CalibrationLevel.Sigmoid(Math.Sin(logit * 3) + (logit / 3))));

        var values = Enumerable.Range(-8000, 16_000).Select(i => map.Apply(0, i / 1000f)).ToArray();
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.True(pair.First < pair.Second, $"{pair.First} and then {pair.Second}."));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Run_TooFewPositives_ChangesNothing(CalibrationMethod method)
    {
        var map = Fit(method, CalibrationRows.Draw(5_000, new Random(9), _ => 0.0005));

        Assert.Equal(1.25f, map.Apply(0, 1.25f));
    }

    private static CalibrationMap Fit(CalibrationMethod method, CalibrationRow[] rows)
    {
        var width = method == CalibrationMethod.Platt ? 2 : 64;
        var (maps, keys) = new CalibrationFit(new CalibrationSpec { Method = method, By = 3, Slices = 4 }).Run(rows, width);
        var node = new CalibrationNode(0, method, "maps", "slices", 3) { Width = 1, Scopes = ScopeSet.Item };
        return new CalibrationMap(node, new Dictionary<string, float[]> { ["maps"] = maps, ["slices"] = keys });
    }
}
