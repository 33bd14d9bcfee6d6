using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>Writes the features that a table's rows carry into feature records.</summary>
internal sealed class RecordCells
{
    private readonly TableReader table;
    private readonly FeatureRecordWriter writer;
    private readonly ImmutableArray<(Feature Feature, int Column, string Separator)> cells;

    /// <param name="table">The table.</param>
    /// <param name="schema">The features.</param>
    /// <param name="columns">Which columns to take.</param>
    /// <exception cref="TableException">The table lacks some of the columns; all are named.</exception>
    public RecordCells(TableReader table, FeatureSchema schema, IEnumerable<FeatureColumn> columns)
    {
        this.table = table;
        writer = new FeatureRecordWriter(schema.Fingerprint);
        var wanted = columns.ToList();
        TableColumns.Require(table, wanted.Select(column => column.Column));
        cells = [.. wanted.Select(column => (schema.Features[schema.SlotOf(column.FeatureId)], table.IndexOf(column.Column), column.Separator))];
    }

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => cells.IsEmpty;

    /// <summary>The current row's record; what is wrong with a cell goes to <paramref name="fault"/>.</summary>
    public byte[] Write(ref string? fault)
    {
        writer.Clear();
        foreach (var (feature, column, separator) in cells)
        {
            var value = table[column];
            if (!value.IsMissing && !Write(feature, value, separator))
            {
                fault ??= $"'{value}' in the column '{table.Columns[column]}' for the {feature.Kind.ToString().ToLowerInvariant()} feature '{feature.Name}'; "
                    + (feature.Kind == FeatureKind.Numeric ? "give a number, or leave it empty" : "give ids, weights after a colon");
            }
        }

        return writer.ToArray();
    }

    private bool Write(Feature feature, TableValue value, string separator)
    {
        switch (feature.Kind)
        {
            case FeatureKind.Categorical:
                WriteId(feature.Id, value);
                return true;
            case FeatureKind.Numeric when value.TryGetInteger(out var integer):
                writer.Write(feature.Id, integer);
                return true;
            case FeatureKind.Numeric when value.TryGetNumber(out var number):
                writer.Write(feature.Id, number);
                return true;
            case FeatureKind.List or FeatureKind.WeightedList:
                return WriteList(feature, value.Items?.Select(item => item.ToString()) ?? value.ToString().Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            default:
                return false;
        }
    }

    // Only the canonical text of an integer becomes one, so that both ways of giving an id have one key.
    private void WriteId(int featureId, TableValue value)
    {
        var text = value.ToString();
        if (value.TryGetInteger(out var integer) && integer.ToString() == text)
        {
            writer.Write(featureId, integer);
        }
        else
        {
            writer.Write(featureId, text);
        }
    }

    private bool WriteList(Feature feature, IEnumerable<string> items)
    {
        var ids = items.ToArray();
        var weights = feature.Kind == FeatureKind.WeightedList ? new float[ids.Length] : [];
        for (var i = 0; i < weights.Length; i++)
        {
            var colon = ids[i].LastIndexOf(':');
            if (colon < 0 || !float.TryParse(ids[i].AsSpan(colon + 1), out weights[i]) || !(float.IsFinite(weights[i]) && weights[i] >= 0))
            {
                return false;
            }

            ids[i] = ids[i][..colon];
        }

        writer.WriteList(feature.Id, ids, weights);
        return true;
    }
}
