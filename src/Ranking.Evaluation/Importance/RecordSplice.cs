using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>Gives an example some features of another.</summary>
internal static class RecordSplice
{
    /// <summary>The example with the group's raw values, and where the group has it the time, of the donor.</summary>
    public static Example Apply(Example example, Example donor, FeatureGroup group) => example with
    {
        EventTime = group.HasTime ? donor.EventTime : example.EventTime,
        Features = new FeatureRecords(
            Spliced(example.Features.User, donor.Features.User, group),
            Spliced(example.Features.Context, donor.Features.Context, group),
            Spliced(example.Features.Item, donor.Features.Item, group),
            Spliced(example.Features.Pair, donor.Features.Pair, group)),
    };

    private static ReadOnlyMemory<byte> Spliced(ReadOnlyMemory<byte> own, ReadOnlyMemory<byte> donated, FeatureGroup group)
    {
        if (!Has(own.Span, group) && !Has(donated.Span, group))
        {
            return own;
        }

        var writer = new FeatureRecordWriter(new FeatureRecordReader((own.IsEmpty ? donated : own).Span).Fingerprint);
        Copy(own.Span, writer, id => !group.Ids.Contains(id));
        Copy(donated.Span, writer, group.Ids.Contains);
        return writer.ToArray();
    }

    private static bool Has(ReadOnlySpan<byte> record, FeatureGroup group)
    {
        var reader = new FeatureRecordReader(record);
        while (reader.Read())
        {
            if (group.Ids.Contains(reader.FeatureId))
            {
                return true;
            }
        }

        return false;
    }

    private static void Copy(ReadOnlySpan<byte> record, FeatureRecordWriter writer, Predicate<int> isWanted)
    {
        var reader = new FeatureRecordReader(record);
        while (reader.Read())
        {
            if (isWanted(reader.FeatureId))
            {
                writer.WriteRaw(reader.FeatureId, reader.Type, reader.Value);
            }
        }
    }
}
