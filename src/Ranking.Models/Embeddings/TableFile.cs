using System.Runtime.CompilerServices;

namespace Ranking.Models;

/// <summary>One of the two files of an embedding table, mapped and looked at.</summary>
internal sealed unsafe class TableFile : IDisposable
{
    private readonly MappedFile file;

    /// <exception cref="ArtifactException">The file is not what the arguments say.</exception>
    public TableFile(string folder, string name, ulong magic, int slotLength)
    {
        file = new MappedFile(folder, name, EmbeddingHeader.Size);
        if (Fault(magic, slotLength) is { } fault)
        {
            Dispose();
            throw new ArtifactException(name, fault);
        }
    }

    /// <summary>Bytes.</summary>
    public long Length => file.Length;

    public EmbeddingHeader Header => Unsafe.ReadUnaligned<EmbeddingHeader>(file.Start);

    /// <summary>Where the first slot or row stands.</summary>
    public byte* Content => file.Start + EmbeddingHeader.Size;

    public void Dispose() => file.Dispose();

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
