using System.Runtime.InteropServices;

namespace Ranking.Inference;

/// <summary>Numbers outside the managed heap, from a multiple of 64 bytes on; taken from the system as they are written.</summary>
internal sealed unsafe class NativeFloats : IDisposable
{
    private const int Alignment = 64;
    private readonly long bytes;
    private float* numbers;

    /// <param name="count">How many.</param>
    public NativeFloats(long count)
    {
        bytes = count * sizeof(float);
        numbers = (float*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        GC.AddMemoryPressure(bytes);
    }

    ~NativeFloats() => Free();

    /// <summary>Where they begin.</summary>
    public float* Numbers => numbers;

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (numbers != null)
        {
            NativeMemory.AlignedFree(numbers);
            numbers = null;
            GC.RemoveMemoryPressure(bytes);
        }
    }
}
