using System.Buffers.Binary;
using System.Text;

namespace Ranking.Core;

/// <summary>
/// The partition of a user's records: MurmurHash2 of the UTF-8 key, as Kafka's Java client and librdkafka's
/// <c>murmur2_random</c> deal keyed records.
/// </summary>
public static class UserPartition
{
    private const uint Multiplier = 0x5bd1e995;
    private const uint Seed = 0x9747b28c;

    /// <summary>The partition, from 0.</summary>
    public static int Of(string userId, int partitions)
    {
        var length = Encoding.UTF8.GetByteCount(userId);
        Span<byte> key = length <= 256 ? stackalloc byte[256] : new byte[length];
        Encoding.UTF8.GetBytes(userId, key);
        return (int)((Murmur2(key[..length]) & 0x7fffffff) % (uint)partitions);
    }

    internal static uint Murmur2(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ (uint)key.Length;
        while (key.Length >= 4)
        {
            var block = BinaryPrimitives.ReadUInt32LittleEndian(key) * Multiplier;
            block = (block ^ (block >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ block;
            key = key[4..];
        }

        if (!key.IsEmpty)
        {
            for (var i = key.Length - 1; i >= 0; i--)
            {
                hash ^= (uint)key[i] << (8 * i);
            }

            hash *= Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return hash ^ (hash >> 15);
    }
}
