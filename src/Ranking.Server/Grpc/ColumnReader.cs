using Ranking.Core;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server;

/// <summary>Reads one column of a message, found to fit its feature, row by row into feature records.</summary>
internal sealed class ColumnReader
{
    private readonly FeatureColumn column;
    private int value;
    private int row;
    private int presentRow;

    private ColumnReader(FeatureColumn column, Feature feature) => (this.column, Feature) = (column, feature);

    public Feature Feature { get; }

    /// <summary>A reader for the column; null, with violations, where it does not fit.</summary>
    /// <param name="column">The column.</param>
    /// <param name="path">Its place in the message.</param>
    /// <param name="feature">The feature that it names.</param>
    /// <param name="rows">How many rows it must have.</param>
    /// <param name="violations">Where to say what is wrong.</param>
    public static ColumnReader? Open(FeatureColumn column, string path, Feature feature, int rows, Violations violations)
    {
        var check = new ColumnCheck(column, path, feature, violations);
        return check.Run(rows) ? new ColumnReader(column, feature) : null;
    }

    /// <summary>Writes the next row's value, if it has one.</summary>
    public void WriteNext(FeatureRecordWriter writer)
    {
        if (column.Present.Count > 0 && !column.Present[row++])
        {
            return;
        }

        var count = Feature.IsList ? (int)column.Lengths[presentRow++] : 1;
        if (Feature.IsList)
        {
            WriteList(writer, count);
        }
        else
        {
            WriteOne(writer);
        }

        value += count;
    }

    private void WriteOne(FeatureRecordWriter writer)
    {
        switch (column.ValuesCase)
        {
            case FeatureColumn.ValuesOneofCase.Integers:
                writer.Write(Feature.Id, column.Integers.Values[value]);
                break;
            case FeatureColumn.ValuesOneofCase.Numbers:
                writer.Write(Feature.Id, column.Numbers.Values[value]);
                break;
            default:
                writer.Write(Feature.Id, column.Texts.Values[value]);
                break;
        }
    }

    private void WriteList(FeatureRecordWriter writer, int count)
    {
        var weights = Feature.Kind == FeatureKind.WeightedList ? column.Weights.Skip(value).Take(count).ToArray() : [];
        if (column.ValuesCase == FeatureColumn.ValuesOneofCase.Integers)
        {
            writer.WriteList(Feature.Id, column.Integers.Values.Skip(value).Take(count).ToArray(), weights);
        }
        else
        {
            writer.WriteList(Feature.Id, (string[])[.. column.Texts?.Values.Skip(value).Take(count) ?? []], weights);
        }
    }
}
