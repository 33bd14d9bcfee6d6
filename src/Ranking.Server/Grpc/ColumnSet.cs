using Google.Protobuf.Collections;
using Ranking.Core;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server;

/// <summary>The columns of a message as feature records by scope.</summary>
internal sealed class ColumnSet
{
    private readonly FeatureSchema schema;
    private readonly List<ColumnReader> readers = [];

    /// <param name="schema">Names the features.</param>
    /// <param name="columns">The message's columns.</param>
    /// <param name="rowsOf">How many rows a feature has here; −1 where it has no place, which is a violation.</param>
    /// <param name="violations">Where to say what is wrong.</param>
    public ColumnSet(FeatureSchema schema, RepeatedField<FeatureColumn> columns, Func<Feature, int> rowsOf, Violations violations)
    {
        this.schema = schema;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, column) in columns.Index())
        {
            var path = $"features[{index}]";
            var feature = schema.Find(column.Name);
            violations.Check(feature is not null, $"{path}.name", $"'{column.Name}' is no feature of the model");
            violations.Check(seen.Add(column.Name), $"{path}.name", $"'{column.Name}' is given twice");
            if (feature is null)
            {
                continue;
            }

            var rows = rowsOf(feature);
            violations.Check(rows >= 0, $"{path}.name", $"'{column.Name}' has scope {feature.Scope.ToString().ToLowerInvariant()}, which has no place in this message");
            if (rows >= 0 && ColumnReader.Open(column, path, feature, rows, violations) is { } reader)
            {
                readers.Add(reader);
            }
        }
    }

    /// <summary>[rows] the records of a scope; none at all where no column belongs to it. Once for each scope.</summary>
    public ReadOnlyMemory<byte>[] RecordsOf(FeatureScope scope, int rows)
    {
        var columns = readers.FindAll(reader => reader.Feature.Scope == scope);
        if (columns.Count == 0)
        {
            return [];
        }

        var writer = new FeatureRecordWriter(schema.Fingerprint);
        var records = new ReadOnlyMemory<byte>[rows];
        for (var row = 0; row < rows; row++)
        {
            writer.Clear();
            foreach (var column in columns)
            {
                column.WriteNext(writer);
            }

            records[row] = writer.ToArray();
        }

        return records;
    }
}
