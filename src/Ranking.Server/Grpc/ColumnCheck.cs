using Ranking.Core;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server;

/// <summary>Whether a column's type, rows and values fit its feature.</summary>
internal sealed class ColumnCheck(FeatureColumn column, string path, Feature feature, Violations violations)
{
    private bool holds = true;

    public bool Run(int rows)
    {
        Check(feature.Derived is null, "name", $"'{feature.Name}' is computed by the model: leave it out");
        Check(feature.Kind != FeatureKind.Sequence, "name", $"'{feature.Name}' is a sequence, which past events give: leave it out");
        CheckType();
        var present = CheckRows(rows);
        CheckValues(present);
        return holds;
    }

    private int ValueCount => column.ValuesCase switch
    {
        FeatureColumn.ValuesOneofCase.Texts => column.Texts.Values.Count,
        FeatureColumn.ValuesOneofCase.Integers => column.Integers.Values.Count,
        FeatureColumn.ValuesOneofCase.Numbers => column.Numbers.Values.Count,
        _ => 0,
    };

    private void CheckType()
    {
        var (fits, wanted) = feature.Kind == FeatureKind.Numeric
            ? (column.ValuesCase != FeatureColumn.ValuesOneofCase.Texts, "numbers or integers")
            : (column.ValuesCase != FeatureColumn.ValuesOneofCase.Numbers, "texts or integers");
        Check(fits, "values", $"are {column.ValuesCase.ToString().ToLowerInvariant()}: '{feature.Name}' is {feature.Kind.ToString().ToLowerInvariant()} and takes {wanted}");
        if (column.ValuesCase == FeatureColumn.ValuesOneofCase.Numbers)
        {
            foreach (var (index, number) in column.Numbers.Values.Index())
            {
                Check(double.IsFinite(number), $"numbers.values[{index}]", $"is {number}: give a finite number, or say in 'present' that the row has none");
            }
        }
    }

    /// <summary>How many rows have a value.</summary>
    private int CheckRows(int rows)
    {
        if (column.Present.Count > 0)
        {
            Check(column.Present.Count == rows, "present", $"has {column.Present.Count} rows: '{feature.Name}' of scope {feature.Scope.ToString().ToLowerInvariant()} has {rows} here");
            return column.Present.Count(present => present);
        }

        return rows;
    }

    private void CheckValues(int present)
    {
        if (!feature.IsList)
        {
            Check(ValueCount == present, "values", $"has {ValueCount} values: '{feature.Name}' of scope {feature.Scope.ToString().ToLowerInvariant()} has {present} here, one a row");
            Check(column.Lengths.Count == 0, "lengths", $"has {column.Lengths.Count} entries: '{feature.Name}' is no list, leave it empty");
        }
        else
        {
            var sum = column.Lengths.Sum(length => (long)length);
            Check(column.Lengths.Count == present, "lengths", $"has {column.Lengths.Count} entries: '{feature.Name}' has {present} rows here, give one for each");
            Check(sum == ValueCount, "lengths", $"add up to {sum}, but there are {ValueCount} values");
        }

        var weighted = feature.Kind == FeatureKind.WeightedList;
        Check(column.Weights.Count == (weighted ? ValueCount : 0), "weights",
            weighted ? $"has {column.Weights.Count} entries for {ValueCount} values: give one for each" : $"has {column.Weights.Count} entries: '{feature.Name}' is no weighted list, leave it empty");
        Check(column.Weights.All(weight => float.IsFinite(weight) && weight >= 0), "weights", "has a weight that is not a finite number of 0 or more");
    }

    private void Check(bool condition, string field, string description)
    {
        violations.Check(condition, $"{path}.{field}", description);
        holds &= condition;
    }
}
