using Ranking.Core;

namespace Ranking.Files;

/// <summary>The feature records of a log table's current row: its own columns, with the rows of its user and item joined in.</summary>
internal sealed class RowFeatures
{
    private readonly EntityFeatures user;
    private readonly EntityFeatures item;
    private readonly RecordCells context;
    private readonly RecordCells pair;

    public RowFeatures(TableReader table, SourceSpec source, FeatureSchema schema, Action<string> fault)
    {
        user = new EntityFeatures(table, source, EntityKind.User, schema, fault);
        item = new EntityFeatures(table, source, EntityKind.Item, schema, fault);
        context = new RecordCells(table, schema, OfLog(source, schema, FeatureScope.Context));
        pair = new RecordCells(table, schema, OfLog(source, schema, FeatureScope.Pair));
    }

    public FeatureRecords Read(string userId, string itemId, ref string? fault) =>
        new(user.Read(userId, ref fault), context.Write(ref fault), item.Read(itemId, ref fault), pair.Write(ref fault));

    /// <summary>The columns of the log that features of a scope read.</summary>
    public static IEnumerable<FeatureColumn> OfLog(SourceSpec source, FeatureSchema schema, FeatureScope scope) =>
        source.Columns.Where(column => column.Table == SourceTable.Log && schema.Features[schema.SlotOf(column.FeatureId)].Scope == scope);
}
