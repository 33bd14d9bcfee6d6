using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>
/// The records of the users or items that a log's rows name: from the entity table where there is one, with what the
/// row itself carries. An entity that the table lacks has its id alone.
/// </summary>
internal sealed class EntityFeatures
{
    private readonly EntityTable? entities;
    private readonly RecordCells own;
    private readonly FeatureRecordWriter writer;
    private readonly ImmutableArray<int> idFeatures;

    public EntityFeatures(TableReader table, SourceSpec source, EntityKind entity, FeatureSchema schema, Action<string> fault)
    {
        var (spec, which, scope) = entity == EntityKind.User
            ? (source.Users, SourceTable.Users, FeatureScope.User)
            : (source.Items, SourceTable.Items, FeatureScope.Item);
        entities = spec is null ? null : EntityTable.Load(source, entity, schema, fault);
        own = new RecordCells(table, schema, RowFeatures.OfLog(source, schema, scope));
        writer = new FeatureRecordWriter(schema.Fingerprint);
        idFeatures = [.. source.Columns.Where(column => column.Table == which && column.Column == spec?.IdColumn).Select(column => column.FeatureId)];
    }

    public ReadOnlyMemory<byte> Read(string id, ref string? fault)
    {
        var stored = entities?.Find(id) ?? default;
        if (!stored.IsEmpty && own.IsEmpty)
        {
            return stored;
        }

        var carried = own.Write(ref fault);
        if (entities is null)
        {
            return carried;
        }

        writer.Clear();
        Copy(stored.IsEmpty ? IdOnly(id) : stored.Span);
        Copy(carried);
        return writer.ToArray();
    }

    private byte[] IdOnly(string id)
    {
        writer.Clear();
        foreach (var feature in idFeatures)
        {
            writer.Write(feature, id);
        }

        var record = writer.ToArray();
        writer.Clear();
        return record;
    }

    private void Copy(ReadOnlySpan<byte> record)
    {
        var reader = new FeatureRecordReader(record);
        while (reader.Read())
        {
            writer.WriteRaw(reader.FeatureId, reader.Type, reader.Value);
        }
    }
}
