using System.Buffers.Binary;
using Ranking.Events;
using RocksDbSharp;

namespace Ranking.Trainer;

/// <summary>
/// Pending entries of the join on disk: one column family by key, one by due time. The folder is this object's own and
/// begins empty; it is no checkpoint, so nothing is logged ahead or synced.
/// </summary>
/// <remarks>
/// The next due times stand in memory, a batch at a time: an iterator costs microseconds, and a scan from the front
/// would walk over everything that was taken before. Not safe for concurrent use.
/// </remarks>
internal sealed class RocksDbSpill : IJoinSpill
{
    private const int NextBatch = 1_024;
    private const int KeyLength = 16;

    private readonly string folder;
    private readonly WriteOptions unlogged = new WriteOptions().DisableWal(1);
    private readonly SortedSet<(JoinDue Due, UInt128 Key)> next = [];
    private RocksDb database;
    private ColumnFamilyHandle byDue;

    // Every entry due at or before this stands in `next`.
    private JoinDue nextEnd;
    private long count;

    /// <param name="folder">A folder of its own; what stands in it is removed.</param>
    public RocksDbSpill(string folder)
    {
        this.folder = folder;
        (database, byDue) = Open(folder);
        nextEnd = First;
    }

    /// <inheritdoc/>
    public JoinDue? Earliest => count == 0 ? null : next.Min.Due;

    private static JoinDue First => new(long.MinValue, long.MinValue);

    /// <inheritdoc/>
    public void Put(UInt128 key, JoinDue due, ReadOnlySpan<byte> entry)
    {
        var value = new byte[KeyLength + entry.Length];
        Bytes(due).CopyTo(value, 0);
        entry.CopyTo(value.AsSpan(KeyLength));
        using var batch = new WriteBatch();
        batch.Put(Bytes(key), value);
        batch.Put(Bytes(due), Bytes(key), byDue);
        database.Write(batch, unlogged);
        var isAllNext = count++ == next.Count;
        if (due.CompareTo(nextEnd) <= 0 || (isAllNext && next.Count < NextBatch))
        {
            next.Add((due, key));
            nextEnd = due.CompareTo(nextEnd) > 0 ? due : nextEnd;
        }

        if (next.Count > 2 * NextBatch)
        {
            next.Remove(next.Max);
            nextEnd = next.Max.Due;
        }
    }

    /// <inheritdoc/>
    public byte[]? Take(UInt128 key)
    {
        if (database.Get(Bytes(key)) is not { } value)
        {
            return null;
        }

        var due = value[..KeyLength];
        using var batch = new WriteBatch();
        batch.Delete(Bytes(key));
        batch.Delete(due, byDue);
        database.Write(batch, unlogged);
        next.Remove((DueOf(due), key));
        count--;
        if (next.Count == 0 && count > 0)
        {
            ReadNext();
        }

        return value[KeyLength..];
    }

    /// <inheritdoc/>
    public byte[] TakeEarliest() => Take(next.Min.Key)!;

    /// <inheritdoc/>
    public IEnumerable<(JoinDue Due, byte[] Entry)> ReadAll()
    {
        using var iterator = database.NewIterator(byDue);
        for (iterator.SeekToFirst(); iterator.Valid(); iterator.Next())
        {
            yield return (DueOf(iterator.Key()), database.Get(iterator.Value())[KeyLength..]);
        }
    }

    /// <inheritdoc/>
    public void Clear()
    {
        database.Dispose();
        (database, byDue) = Open(folder);
        next.Clear();
        nextEnd = First;
        count = 0;
    }

    /// <summary>Closes the store and removes the folder.</summary>
    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static (RocksDb Database, ColumnFamilyHandle ByDue) Open(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        // Most look-ups are for keys that are not there.
        var filtered = new BlockBasedTableOptions().SetFilterPolicy(BloomFilterPolicy.Create(10, false));
        var families = new ColumnFamilies(new ColumnFamilyOptions().SetBlockBasedTableFactory(filtered));
        families.Add("due", new ColumnFamilyOptions());
        var database = RocksDb.Open(new DbOptions().SetCreateIfMissing().SetCreateMissingColumnFamilies(), folder, families);
        return (database, database.GetColumnFamily("due"));
    }

    private void ReadNext()
    {
        using var iterator = database.NewIterator(byDue);
        for (iterator.Seek(Bytes(nextEnd)); iterator.Valid() && next.Count < NextBatch; iterator.Next())
        {
            nextEnd = DueOf(iterator.Key());
            next.Add((nextEnd, KeyOf(iterator.Value())));
        }
    }

    private static byte[] Bytes(UInt128 key)
    {
        var bytes = new byte[KeyLength];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return bytes;
    }

    private static UInt128 KeyOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    // Big endian with the sign turned round: the order of the bytes is the order of the numbers.
    private static byte[] Bytes(JoinDue due)
    {
        var bytes = new byte[KeyLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, due.Time ^ long.MinValue);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), due.Arrival ^ long.MinValue);
        return bytes;
    }

    private static JoinDue DueOf(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes) ^ long.MinValue, BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) ^ long.MinValue);
}
