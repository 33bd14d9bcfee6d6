using System.IO.MemoryMappedFiles;

namespace Ranking.Models;

/// <summary>A file mapped read-only: its pages are the system's, not the collector's. Nobody may read it once it is disposed.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedViewAccessor view;

    /// <exception cref="ArtifactException">The file is shorter than that.</exception>
    public MappedFile(string folder, string name, int leastLength)
    {
        var path = Path.Combine(folder, name);
        Length = new FileInfo(path).Length;
        if (Length < leastLength)
        {
            throw new ArtifactException(name, $"has {Length} bytes; its header alone has {leastLength}.");
        }

        // The view goes on without it.
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Start = pointer + view.PointerOffset;
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Where they begin.</summary>
    public byte* Start { get; }

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
    }
}
