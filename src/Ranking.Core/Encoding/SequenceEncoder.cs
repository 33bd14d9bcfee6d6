using System.Collections.Immutable;
using System.Numerics;

namespace Ranking.Core;

/// <summary>Encodes one sequence of one row after another: a key for each cell.</summary>
internal sealed class SequenceEncoder(Feature feature)
{
    private readonly ImmutableArray<KeyHash> hashes = [.. feature.Columns.Select(column => new KeyHash(column.Table))];
    private readonly ImmutableArray<ulong> missing = [.. feature.Columns.Select(column => KeyHash.Missing(feature.PartOf(column).Id))];

    /// <summary>Adds the row's entries to the column's parts; false when cells were of a type that their column does not take.</summary>
    public bool Add(ReadOnlySpan<byte> value, long eventTime, EncodedColumn column)
    {
        var reader = new SequenceReader(value);
        if (reader.Columns != hashes.Length)
        {
            AddEmpty(column);
            return false;
        }

        var fits = true;
        for (var entry = 0; entry < reader.Entries; entry++)
        {
            for (var part = 0; part < hashes.Length; part++)
            {
                reader.Read();
                var key = reader.Type == 0 ? missing[part] : KeyOf(part, reader, eventTime);
                fits &= key is not null;
                column.Parts[part].PushKey(key ?? missing[part], 1, entry);
            }
        }

        End(column, reader.Entries);
        return fits;
    }

    /// <summary>Adds a row without entries.</summary>
    public static void AddEmpty(EncodedColumn column) => End(column, 0);

    private static void End(EncodedColumn column, int entries)
    {
        column.EndRow(entries);
        foreach (var part in column.Parts)
        {
            part.EndRow(entries);
        }
    }

    private ulong? KeyOf(int part, SequenceReader cell, long eventTime)
    {
        var bytes = cell.Value;
        return (cell.Type, feature.Columns[part].Kind) switch
        {
            (FeatureValueType.Integer, SequenceColumnKind.Age) => hashes[part].Of(AgeOf(FeatureRecordReader.TakeInteger(ref bytes), eventTime)),
            (FeatureValueType.Integer, _) => hashes[part].Of(FeatureRecordReader.TakeInteger(ref bytes)),
            (FeatureValueType.Text, not SequenceColumnKind.Age) => hashes[part].Of(FeatureRecordReader.TakeText(ref bytes)),
            _ => null,
        };
    }

    // Partitions need not be of one clock: an entry of a later time has the age 0.
    private static int AgeOf(long time, long eventTime) => BitOperations.Log2(1 + (ulong)(Math.Max(0, eventTime - time) / 1000));
}
