using System.Runtime.InteropServices;

namespace Ranking.Inference;

/// <summary>
/// Numbers outside the managed heap, zeros at first, from a multiple of 64 bytes on. Memory that nothing is written to is
/// not taken from the system.
/// </summary>
internal sealed unsafe class NativeFloats : IDisposable
{
    private const int Alignment = 64;
    private void* memory;

    /// <param name="count">How many.</param>
    public NativeFloats(long count)
    {
        memory = NativeMemory.AllocZeroed((nuint)((count * sizeof(float)) + Alignment));
        Numbers = (float*)(((nuint)memory + (Alignment - 1)) & ~(nuint)(Alignment - 1));
    }

    ~NativeFloats() => Free();

    /// <summary>Where they begin.</summary>
    public float* Numbers { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(memory);
        memory = null;
    }
}
