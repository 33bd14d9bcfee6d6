using Ranking.Models;

namespace Ranking.Learning;

/// <summary>Fits one task's maps: one for each slice that has enough examples, and one for all others.</summary>
/// <remarks>
/// The map of the others takes its shape from all examples and its level from those that have no map of their own, where
/// they are enough. So the sum of the predictions is right over the slices, over the rest, and over all.
/// </remarks>
internal sealed class CalibrationFit(CalibrationSpec spec)
{
    /// <summary>Examples of the rarer label that a map needs.</summary>
    private const int SmallestOutcome = 10;

    /// <summary>The parameters of the maps and of the slices' keys; those of the identity where there is too little.</summary>
    /// <param name="rows">The examples whose label of the task is known.</param>
    /// <param name="mapWidth">Numbers a map.</param>
    public (float[] Maps, float[] Keys) Run(CalibrationRow[] rows, int mapWidth)
    {
        var slices = spec.By is null ? 0 : spec.Slices;
        var (maps, keys) = (new float[(1 + slices) * mapWidth], new float[slices * 4]);
        var bySlice = rows.GroupBy(row => row.Slice).Select(group => group.ToArray())
            .Where(group => spec.By is not null && IsEnough(group))
            .OrderByDescending(group => group.Length).ThenBy(group => group[0].Slice)
            .Take(slices).ToArray();
        var taken = bySlice.Select(group => group[0].Slice).ToHashSet();
        var rest = Array.FindAll(rows, row => !taken.Contains(row.Slice));
        var others = Map(rows, IsEnough(rest) ? rest : rows, mapWidth);
        for (var row = 0; row <= slices; row++)
        {
            var map = row == 0 || row > bySlice.Length ? others : Map(bySlice[row - 1], bySlice[row - 1], mapWidth);
            map.CopyTo(maps, row * mapWidth);
        }

        for (var slice = 0; slice < bySlice.Length; slice++)
        {
            CalibrationMap.WriteKey(bySlice[slice][0].Slice, keys.AsSpan(slice * 4, 4));
        }

        return (maps, keys);
    }

    private float[] Map(CalibrationRow[] rows, CalibrationRow[] levelRows, int width)
    {
        var shaping = Array.FindAll(rows, row => row.Weight > 0);
        var positives = shaping.Count(row => row.IsPositive);
        if (Math.Min(positives, shaping.Length - positives) < SmallestOutcome)
        {
            return CalibrationMap.Identity(spec.Method, width);
        }

        float[] map = spec.Method == CalibrationMethod.Platt ? Platt(shaping) : Isotonic(shaping, width / 2);
        var shift = CalibrationLevel.ShiftOf(levelRows, Shape(map));
        var values = spec.Method == CalibrationMethod.Platt ? map.AsSpan(1) : map.AsSpan(width / 2);
        foreach (ref var value in values)
        {
            value = (float)(value + shift);
        }

        return map;
    }

    private Func<float, double> Shape(float[] map)
    {
        var node = new CalibrationNode(0, spec.Method, "", null, 0) { Width = 1, Scopes = ScopeSet.None };
        var shape = new CalibrationMap(node, new Dictionary<string, float[]> { [""] = map });
        return logit => shape.Apply(0, logit);
    }

    private static float[] Platt(CalibrationRow[] rows)
    {
        var (slope, intercept) = PlattScaling.Fit(rows);
        return [(float)slope, (float)intercept];
    }

    // Knots that are not needed lie beyond the last, where the map has the identity's slope anyway.
    private static float[] Isotonic(CalibrationRow[] rows, int knots)
    {
        var found = IsotonicRegression.Fit(rows, knots);
        for (var (x, y) = found[^1]; found.Count < knots;)
        {
            found.Add((++x, ++y));
        }

        return [.. found.Select(knot => (float)knot.Logit), .. found.Select(knot => (float)knot.Value)];
    }

    private bool IsEnough(CalibrationRow[] rows)
    {
        var met = rows.Count(row => row.Weight > 0);
        var positives = rows.Count(row => row is { Weight: > 0, IsPositive: true });
        return met >= spec.MinExamples && Math.Min(positives, met - positives) >= SmallestOutcome;
    }
}
