using Ranking.Core;

namespace Ranking.Server;

/// <summary>Lays what the caller sent over what the store has, and fills in the entity's own id.</summary>
internal sealed class RecordOverlay(FeatureSchema schema)
{
    private readonly Feature? userId = schema.Features.FirstOrDefault(feature => feature is { IsEntityId: true, Scope: FeatureScope.User });
    private readonly Feature? itemId = schema.Features.FirstOrDefault(feature => feature is { IsEntityId: true, Scope: FeatureScope.Item });

    public ReadOnlyMemory<byte> User(string id, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> sent) => Compose(userId, id, stored, sent);

    public ReadOnlyMemory<byte> Item(string id, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> sent) => Compose(itemId, id, stored, sent);

    private ReadOnlyMemory<byte> Compose(Feature? idFeature, string id, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> sent)
    {
        var record = Append(stored, sent);
        if (idFeature is null || Has(record.Span, idFeature.Id))
        {
            return record;
        }

        var writer = new FeatureRecordWriter(schema.Fingerprint);
        writer.Write(idFeature.Id, id);
        return Append(writer.ToArray(), record);
    }

    // Of two values of one feature the last holds, wherever records are read.
    private static ReadOnlyMemory<byte> Append(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second) =>
        first.IsEmpty ? second
        : second.IsEmpty ? first
        : (byte[])[.. first.Span, .. second.Span[FeatureRecordWriter.HeaderLength..]];

    private static bool Has(ReadOnlySpan<byte> record, int featureId)
    {
        var reader = new FeatureRecordReader(record);
        while (reader.Read())
        {
            if (reader.FeatureId == featureId)
            {
                return true;
            }
        }

        return false;
    }
}
