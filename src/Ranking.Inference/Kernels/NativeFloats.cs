using System.Runtime.InteropServices;

namespace Ranking.Inference;

/// <summary>
/// Numbers outside the managed heap, zeros at first, from a multiple of 64 bytes on. Memory that nothing is written to is
/// not taken from the system; large memory is taken in pages of 2 MiB, of which the processor knows the addresses of more.
/// </summary>
internal sealed unsafe partial class NativeFloats : IDisposable
{
    private const int Alignment = 64;
    private const nuint LargePage = 2 << 20;
    private const int AdviseHugePages = 14;
    private void* memory;

    /// <param name="count">How many.</param>
    public NativeFloats(long count)
    {
        Length = count;
        memory = NativeMemory.AllocZeroed((nuint)((count * sizeof(float)) + Alignment));
        Numbers = (float*)(((nuint)memory + (Alignment - 1)) & ~(nuint)(Alignment - 1));
        var first = ((nuint)memory + LargePage - 1) & ~(LargePage - 1);
        var end = ((nuint)memory + (nuint)(count * sizeof(float))) & ~(LargePage - 1);
        if (OperatingSystem.IsLinux() && end > first)
        {
            // An advice: where the system does not take it, all is as with small pages.
            _ = Advise((void*)first, end - first, AdviseHugePages);
        }
    }

    ~NativeFloats() => Free();

    /// <summary>How many there are.</summary>
    public long Length { get; }

    /// <summary>Where they begin.</summary>
    public float* Numbers { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    private void Free()
    {
        NativeMemory.Free(memory);
        memory = null;
    }
}
