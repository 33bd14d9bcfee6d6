using Ranking.Core;

namespace Ranking.Server;

/// <summary>Lays what the caller sent over what the store has, and fills in the entity's own id. For one request at a time.</summary>
internal sealed class RecordOverlay(FeatureSchema schema)
{
    private readonly FeatureRecordWriter writer = new(schema.Fingerprint);
    private readonly Feature? userId = schema.Features.FirstOrDefault(feature => feature is { IsEntityId: true, Scope: FeatureScope.User });
    private readonly Feature? itemId = schema.Features.FirstOrDefault(feature => feature is { IsEntityId: true, Scope: FeatureScope.Item });

    public ReadOnlyMemory<byte> User(string id, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> sent) => Compose(userId, id, stored, sent);

    public ReadOnlyMemory<byte> Item(string id, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> sent) => Compose(itemId, id, stored, sent);

    private ReadOnlyMemory<byte> Compose(Feature? idFeature, string id, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> sent)
    {
        var hasId = idFeature is null || Has(stored.Span, idFeature.Id) || Has(sent.Span, idFeature.Id);
        if (hasId && (stored.IsEmpty || sent.IsEmpty))
        {
            return stored.IsEmpty ? sent : stored;
        }

        writer.Clear();
        if (!hasId)
        {
            writer.Write(idFeature!.Id, id);
        }

        // Of two values of one feature the last holds, wherever records are read.
        writer.WriteAll(stored.Span);
        writer.WriteAll(sent.Span);
        return writer.ToArray();
    }

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
