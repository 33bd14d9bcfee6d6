using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>Fits the transforms of numeric features on examples.</summary>
public static class TransformFitter
{
    /// <summary>How many quantile boundaries there are at most.</summary>
    public const int MaxBoundaries = 100;

    /// <summary>
    /// One transform for each numeric input that declares one or bins, ascending by feature id; a function of the examples and
    /// their order alone.
    /// </summary>
    /// <remarks>
    /// Missing values do not count. A constant feature gets the standard deviation 1. A feature that no example has
    /// gets mean 0 and standard deviation 1, or no boundaries (every value then maps to −1) and
    /// no bins. Borders of bins that fall together are one: a feature may have fewer bins than it declares.
    /// </remarks>
    public static ImmutableArray<NumericTransform> Fit(FeatureSchema schema, IEnumerable<Example> examples)
    {
        var fitted = schema.Features
            .Where(feature => feature.IsFitted)
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

        return [.. fitted.Select(entry => Fit(entry.Feature, entry.Values))];
    }

    private static NumericTransform Fit(Feature feature, List<double> values)
    {
        var transform = new NumericTransform(feature.Id, feature.Transform, Fit(feature.Transform, values));
        if (feature.Embedding is not { Kind: NumericEmbeddingKind.Piecewise } embedding)
        {
            return transform;
        }

        var inputs = values.Select(value => (double)transform.Apply(value)).Where(double.IsFinite).ToList();
        return transform with { Bins = [.. Boundaries(inputs, embedding.Bins + 1).Select(border => (float)border)] };
    }

    private static ImmutableArray<double> Fit(TransformKind kind, List<double> values) => kind switch
    {
        TransformKind.None => [],
        TransformKind.Quantile => Boundaries(values, MaxBoundaries),
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

    private static ImmutableArray<double> Boundaries(List<double> values, int most)
    {
        values.Sort();
        var count = Math.Min(most, values.Count);
        return [.. Enumerable.Range(0, count).Select(i => values[count == 1 ? 0 : (int)((long)i * (values.Count - 1) / (count - 1))]).Distinct()];
    }
}
