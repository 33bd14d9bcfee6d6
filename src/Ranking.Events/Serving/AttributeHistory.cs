using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// The state of all keys that belong to no one user or item, resident in the process: one writer follows the store, requests
/// read. A request sees the state of one place in the log; changes wait for the requests that are being worked out.
/// </summary>
/// <param name="capacity">How many keys are kept at most; those that come later are as never seen, and counted.</param>
public sealed class AttributeHistory(int capacity) : IDisposable
{
    private readonly ReaderWriterLockSlim gate = new();
    private readonly Dictionary<(int Table, ulong Key), ReadOnlyMemory<byte>> rows = [];

    /// <summary>How far along it is; null before the first state came.</summary>
    public HistoryHead? Head { get; private set; }

    /// <summary>Keys held.</summary>
    public int Count => rows.Count;

    /// <summary>Keys that did not find room since the last whole state.</summary>
    public int Refused { get; private set; }

    /// <summary>Takes a whole state in place of what there is.</summary>
    public void Replace(AttributeChanges all)
    {
        gate.EnterWriteLock();
        try
        {
            rows.Clear();
            Refused = 0;
            Take(all);
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    /// <summary>Takes in what a write changed.</summary>
    public void Apply(AttributeChanges changes)
    {
        gate.EnterWriteLock();
        try
        {
            Take(changes);
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    /// <summary>Keeps the state as it is until <see cref="Release"/>.</summary>
    internal void Hold() => gate.EnterReadLock();

    /// <inheritdoc cref="Hold"/>
    internal void Release() => gate.ExitReadLock();

    /// <summary>A key's row, the time of its last event and its numbers; empty where there is none.</summary>
    internal ReadOnlyMemory<byte> Find(KeyTable table, ulong key) => rows.GetValueOrDefault((table.Number, key));

    /// <summary>A row's state as it is stored; empty where the table has no such key.</summary>
    internal static byte[] StateOf(KeyTable table, ulong key)
    {
        if (!table.TryFind(key, out var touched, out var numbers))
        {
            return [];
        }

        var state = new byte[8 + (8 * table.Width)];
        BinaryPrimitives.WriteInt64LittleEndian(state, touched);
        MemoryMarshal.AsBytes(numbers).CopyTo(state.AsSpan(8));
        return state;
    }

    private void Take(AttributeChanges changes)
    {
        foreach (var (table, key, state) in changes.Rows)
        {
            if (state.IsEmpty)
            {
                rows.Remove((table, key));
            }
            else if (rows.Count < capacity || rows.ContainsKey((table, key)))
            {
                rows[(table, key)] = state;
            }
            else
            {
                Refused++;
            }
        }

        Head = changes.Head;
    }
}
