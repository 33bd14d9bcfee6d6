using System.Buffers;
using System.Runtime.InteropServices;

namespace Ranking.Server;

/// <summary>
/// A copy of a request's features in memory that the next one kept here is copied to, outside the managed heap: living for
/// minutes, 60 KB each, they would fill the collector's oldest generation, which has it collect all there is.
/// </summary>
internal sealed class KeptRequest : IDisposable
{
    private readonly Lock use = new();

    // Where each record ends, as numbers of 4 bytes; then the records: user, context, items and pairs, one after another.
    private IMemoryOwner<byte> bytes = new NativeBytes(0);
    private int records;
    private int items;
    private long time;

    private Span<int> Ends => MemoryMarshal.Cast<byte, int>(bytes.Memory.Span[..(records * sizeof(int))]);

    /// <summary>Takes the place of what is kept here, unless that is in use.</summary>
    public void Put(ServedFeatures features)
    {
        if (!use.TryEnter())
        {
            return;
        }

        try
        {
            (time, records, items) = (features.Time, 2 + features.Items.Length + features.Pairs.Length, features.Items.Length);
            MakeRoom((records * sizeof(int)) + LengthOf(features));
            Write(0, features.User);
            Write(1, features.Context);
            Write(2, features.Items);
            Write(2 + items, features.Pairs);
        }
        finally
        {
            use.Exit();
        }
    }

    /// <summary>Runs an action on what is kept here, which is not to be read after it.</summary>
    public void Use(Action<ServedFeatures> action)
    {
        lock (use)
        {
            if (records > 0)
            {
                action(new ServedFeatures(time, Of(0), Of(1), Of(2, items), Of(2 + items, records - 2 - items)));
            }
        }
    }

    /// <summary>Keeps nothing any more.</summary>
    public void Dispose()
    {
        lock (use)
        {
            records = 0;
            Replace(0);
        }
    }

    private static int LengthOf(ServedFeatures features) =>
        features.User.Length + features.Context.Length + features.Items.Sum(item => item.Length) + features.Pairs.Sum(pair => pair.Length);

    // An eighth more than is needed: requests differ a little, and room is seldom made twice.
    private void MakeRoom(int length)
    {
        if (length > bytes.Memory.Length)
        {
            Replace(length + (length / 8));
        }
    }

    private void Replace(int length)
    {
        bytes.Dispose();
        bytes = new NativeBytes(length);
    }

    private void Write(int first, ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Write(first + i, values[i]);
        }
    }

    private void Write(int record, ReadOnlyMemory<byte> value)
    {
        var from = StartOf(record);
        value.Span.CopyTo(bytes.Memory.Span[from..]);
        Ends[record] = from + value.Length;
    }

    private ReadOnlyMemory<byte>[] Of(int first, int count)
    {
        var found = new ReadOnlyMemory<byte>[count];
        for (var i = 0; i < count; i++)
        {
            found[i] = Of(first + i);
        }

        return found;
    }

    private ReadOnlyMemory<byte> Of(int record) => bytes.Memory[StartOf(record)..Ends[record]];

    private int StartOf(int record) => record == 0 ? records * sizeof(int) : Ends[record - 1];
}
