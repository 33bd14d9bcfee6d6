using Ranking.Core;

namespace Ranking.Models.Tests;

/// <summary>Random records for the small model, with missing values, unknown ids and empty lists.</summary>
internal static class DrawnRecords
{
    public const long EventTime = 1_700_000_123_456;

    /// <summary>The user's, request's, item's and pair's records of one candidate.</summary>
    public static FeatureRecords Draw(FeatureSchema schema, Random random)
    {
        ReadOnlyMemory<byte> Record(FeatureScope scope)
        {
            var writer = new FeatureRecordWriter(schema.Fingerprint);
            foreach (var feature in schema.Features.Where(feature => feature.Scope == scope && feature.Derived is null && random.Next(5) > 0))
            {
                Write(writer, feature, random);
            }

            return writer.ToArray();
        }

        return new FeatureRecords(Record(FeatureScope.User), Record(FeatureScope.Context), Record(FeatureScope.Item), Record(FeatureScope.Pair));
    }

    private static void WriteSequence(FeatureRecordWriter writer, Feature feature, Random random)
    {
        var (cells, entries) = (new SequenceCells(), random.Next(3) * random.Next(30));
        foreach (var column in Enumerable.Repeat(feature.Columns, entries).SelectMany(entry => entry))
        {
            if (random.Next(8) == 0)
            {
                cells.AddMissing();
            }
            else
            {
                cells.Add(column.Kind == SequenceColumnKind.Age ? EventTime - random.Next(100_000_000) : random.Next(50));
            }
        }

        writer.WriteSequence(feature.Id, entries, feature.Columns.Length, cells.Written);
    }

    private static void Write(FeatureRecordWriter writer, Feature feature, Random random)
    {
        // Ids above 39 are in no table.
        var ids = Enumerable.Range(0, random.Next(6)).Select(_ => (long)random.Next(50)).ToArray();
        switch (feature.Kind)
        {
            case FeatureKind.Categorical:
                writer.Write(feature.Id, (long)random.Next(50));
                break;
            case FeatureKind.Sequence:
                WriteSequence(writer, feature, random);
                break;
            case FeatureKind.Numeric:
                writer.Write(feature.Id, random.NextDouble() * 60);
                break;
            case FeatureKind.WeightedList when ids.Length > 0:
                writer.WriteList(feature.Id, ids, [.. ids.Select(_ => random.NextSingle())]);
                break;
            case FeatureKind.WeightedList:
                writer.WriteRaw(feature.Id, FeatureValueType.WeightedIntegerList, [0]);
                break;
            default:
                writer.WriteList(feature.Id, ids);
                break;
        }
    }
}
