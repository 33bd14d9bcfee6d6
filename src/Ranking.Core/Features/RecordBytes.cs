using System.Buffers;
using System.Text;

namespace Ranking.Core;

/// <summary>The elements that records and sequences are written of.</summary>
internal static class RecordBytes
{
    public static void WriteByte(this ArrayBufferWriter<byte> buffer, byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public static void WriteVarint(this ArrayBufferWriter<byte> buffer, ulong value)
    {
        var span = buffer.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        buffer.Advance(length);
    }

    /// <summary>Zig-zag varint.</summary>
    public static void WriteInteger(this ArrayBufferWriter<byte> buffer, long value) =>
        buffer.WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Length and UTF-8.</summary>
    public static void WriteText(this ArrayBufferWriter<byte> buffer, string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        buffer.WriteVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, buffer.GetSpan(length));
        buffer.Advance(length);
    }
}
