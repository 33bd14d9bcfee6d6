using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>Fits the transforms of numeric features on examples.</summary>
public static class TransformFitter
{
    /// <summary>How many quantile boundaries there are at most.</summary>
    public const int MaxBoundaries = 100;

    /// <summary>
    /// One transform for each numeric input that declares one, ascending by feature id; a function of the examples and
    /// their order alone.
    /// </summary>
    /// <remarks>
    /// Missing values do not count. A constant feature gets the standard deviation 1. A feature that no example has
    /// gets mean 0 and standard deviation 1, or no boundaries (every value then maps to −1).
    /// </remarks>
    public static ImmutableArray<NumericTransform> Fit(FeatureSchema schema, ReadOnlySpan<Example> examples)
    {
        var fitted = schema.Features
            .Where(feature => feature.IsInput && !feature.IsEmbedded && feature.Transform != TransformKind.None)
            .Select(feature => (Feature: feature, Derived: feature.Derived is null ? null : new DerivedValue(schema, feature.Derived), Values: new List<double>()))
            .ToArray();
        var row = new RawRow(schema);
        foreach (var example in examples)
        {
            row.Load(example.Features);
            foreach (var (feature, derived, values) in fitted)
            {
                var value = derived?.Evaluate(row, new RowFacts(example.EventTime, example.Position)) ?? row.OperandOf(schema.SlotOf(feature.Id)).Number;
                if (double.IsFinite(value))
                {
                    values.Add(value);
                }
            }
        }

        return [.. fitted.Select(entry => new NumericTransform(entry.Feature.Id, entry.Feature.Transform, Fit(entry.Feature.Transform, entry.Values)))];
    }

    private static ImmutableArray<double> Fit(TransformKind kind, List<double> values) => kind switch
    {
        TransformKind.Quantile => Boundaries(values),
        TransformKind.Log1p => Moments(values.ConvertAll(NumericTransform.SignedLog)),
        _ => Moments(values),
    };

    private static ImmutableArray<double> Moments(List<double> values)
    {
        if (values.Count == 0)
        {
            return [0, 1];
        }

        var mean = values.Sum() / values.Count;
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Count);
        return [mean, deviation > 1e-12 * Math.Max(1, Math.Abs(mean)) ? deviation : 1];
    }

    private static ImmutableArray<double> Boundaries(List<double> values)
    {
        values.Sort();
        var count = Math.Min(MaxBoundaries, values.Count);
        return [.. Enumerable.Range(0, count).Select(i => values[count == 1 ? 0 : (int)((long)i * (values.Count - 1) / (count - 1))]).Distinct()];
    }
}
