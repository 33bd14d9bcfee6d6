using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;

namespace Ranking.Core;

/// <summary>The 64-bit keys of ids: XXH3 of (table, UTF-8 value), integers as decimal text.</summary>
/// <remarks>Two ids of one table share a key with probability 2⁻⁶⁴ a pair: at a hundred million ids, 0.0003 in all.</remarks>
public readonly struct KeyHash
{
    private readonly long seed;

    /// <param name="table">The embedding table that the ids belong to.</param>
    public KeyHash(string table) => seed = (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(table));

    /// <summary>The key of an id given as UTF-8 text.</summary>
    public ulong Of(ReadOnlySpan<byte> utf8) => XxHash3.HashToUInt64(utf8, seed);

    /// <summary>The key of an id given as an integer: the same as that of its decimal text.</summary>
    public ulong Of(long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out var length);
        return Of(text[..length]);
    }

    /// <summary>The key of the row that stands for "the feature has no value".</summary>
    public static ulong Missing(int featureId) => Reserved(featureId, "missing"u8);

    /// <summary>The key of the row that the feature's unadmitted ids share.</summary>
    public static ulong Unknown(int featureId) => Reserved(featureId, "unknown"u8);

    private static ulong Reserved(int featureId, ReadOnlySpan<byte> what) => XxHash3.HashToUInt64(what, featureId);
}
