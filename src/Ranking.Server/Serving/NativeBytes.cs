using System.Buffers;
using System.Runtime.InteropServices;

namespace Ranking.Server;

/// <summary>Bytes outside the managed heap, to be read as memory: what lives there for minutes costs the collector nothing.</summary>
internal sealed unsafe class NativeBytes : MemoryManager<byte>
{
    private readonly byte* bytes;
    private readonly int length;

    /// <param name="length">How many; what they hold at first is not defined.</param>
    public NativeBytes(int length)
    {
        this.length = length;
        bytes = (byte*)NativeMemory.Alloc((nuint)length);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(bytes, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(bytes + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => NativeMemory.Free(bytes);
}
