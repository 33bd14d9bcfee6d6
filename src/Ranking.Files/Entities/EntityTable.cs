using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>One row of an entity table.</summary>
/// <param name="Id">The entity; empty where the row has none, which is a fault.</param>
/// <param name="Record">Its feature record.</param>
/// <param name="Fault">What is wrong with the row, with file and line; null where nothing is.</param>
public readonly record struct EntityRow(string Id, ReadOnlyMemory<byte> Record, string? Fault);

/// <summary>Feature records by entity, from a table with one row an entity.</summary>
public sealed class EntityTable
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> records;

    private EntityTable(Dictionary<string, ReadOnlyMemory<byte>> records) => this.records = records;

    /// <summary>SHA-256 of ids and records, whatever the order of the rows: what a checkpoint compares.</summary>
    public byte[] ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> lengths = stackalloc byte[8];
        foreach (var id in records.Keys.Order(StringComparer.Ordinal))
        {
            var name = Encoding.UTF8.GetBytes(id);
            var record = records[id].Span;
            BinaryPrimitives.WriteInt32LittleEndian(lengths, name.Length);
            BinaryPrimitives.WriteInt32LittleEndian(lengths[4..], record.Length);
            hash.AppendData(lengths);
            hash.AppendData(name);
            hash.AppendData(record);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>How many entities there are.</summary>
    public int Count => records.Count;

    /// <summary>Reads a table row by row, without keeping it.</summary>
    /// <param name="source">All sources.</param>
    /// <param name="entity">Users or items.</param>
    /// <param name="schema">The features.</param>
    /// <param name="progress">Hears how much has been read, 0 to 1.</param>
    /// <exception cref="TableException">The file is missing or lacks a column.</exception>
    public static IEnumerable<EntityRow> Read(SourceSpec source, EntityKind entity, FeatureSchema schema, IProgress<double>? progress = null)
    {
        var (spec, which) = entity == EntityKind.User ? (source.Users, SourceTable.Users) : (source.Items, SourceTable.Items);
        if (spec is null)
        {
            yield break;
        }

        using var table = TableReader.Open(spec.Path);
        var id = TableColumns.Index(table, spec.IdColumn);
        var cells = new RecordCells(table, schema, source.Columns.Where(column => column.Table == which));
        while (table.Read())
        {
            if (table.Row % 1024 == 0)
            {
                progress?.Report(table.Progress);
            }

            yield return ReadRow(table, id, cells);
        }

        progress?.Report(1);
    }

    /// <summary>Reads a table into memory; the last row of an id holds. Rows with faults are left out and told.</summary>
    /// <exception cref="TableException">The file is missing or lacks a column.</exception>
    public static EntityTable Load(SourceSpec source, EntityKind entity, FeatureSchema schema, Action<string> fault)
    {
        var records = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var row in Read(source, entity, schema))
        {
            if (row.Fault is null)
            {
                records[row.Id] = row.Record;
            }
            else
            {
                fault(row.Fault);
            }
        }

        return new EntityTable(records);
    }

    /// <summary>The entity's record; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Find(string id) => records.GetValueOrDefault(id);

    private static EntityRow ReadRow(TableReader table, int id, RecordCells cells)
    {
        if (table.Fault is { } broken)
        {
            return new EntityRow("", default, $"{table.Path}:{table.Line}: {broken}");
        }

        string? fault = null;
        var (name, record) = (table[id].ToString(), cells.Write(ref fault));
        fault = name.Length == 0 ? $"nothing in the id column '{table.Columns[id]}'; give every entity its id" : fault;
        return new EntityRow(name, record, fault is null ? null : $"{table.Path}:{table.Line}: {fault}");
    }
}
