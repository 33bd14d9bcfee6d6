using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace Ranking.Models;

/// <summary>A file mapped read-only: its pages are the system's, not the collector's. Nobody may read it once it is disposed.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;

    /// <exception cref="ArtifactException">The file is not what the arguments say.</exception>
    public MappedFile(string folder, string name, ulong magic, int slotLength)
    {
        var path = Path.Combine(folder, name);
        Length = new FileInfo(path).Length;
        if (Length < EmbeddingHeader.Size)
        {
            throw new ArtifactException(name, $"has {Length} bytes; its header alone has {EmbeddingHeader.Size}.");
        }

        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        start = pointer + view.PointerOffset;
        if (Fault(magic, slotLength) is { } fault)
        {
            Dispose();
            throw new ArtifactException(name, fault);
        }
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    public EmbeddingHeader Header => Unsafe.ReadUnaligned<EmbeddingHeader>(start);

    /// <summary>Where the first slot or row stands.</summary>
    public byte* Content => start + EmbeddingHeader.Size;

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    private string? Fault(ulong magic, int slotLength)
    {
        if (Header.Magic != magic || Header.FormatVersion != EmbeddingHeader.CurrentVersion)
        {
            return $"has magic {Header.Magic:x16} and format {Header.FormatVersion}; this build reads {magic:x16} and {EmbeddingHeader.CurrentVersion}.";
        }

        if (!Enum.IsDefined(Header.Precision))
        {
            return $"has rows in precision {(int)Header.Precision}, which this build does not read.";
        }

        var unit = slotLength > 0 ? slotLength : RowCodec.LengthOf(Header.Precision, Header.Dimension);
        return Length == EmbeddingHeader.Size + (Header.Length * unit)
            ? null
            : $"has {Length} bytes; its header says {Header.Length} entries of {unit} bytes.";
    }
}
