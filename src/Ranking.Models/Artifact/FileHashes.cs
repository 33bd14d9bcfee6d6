using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Ranking.Models;

/// <summary>Hashes of a file's chunks: a reader that fetches a part can check that part.</summary>
public static class FileHashes
{
    /// <summary>Bytes of a chunk; the last one may be shorter.</summary>
    public const int ChunkLength = 4 << 20;

    private const int BufferLength = 64 << 10;

    internal static ArtifactFile Of(string folder, string file)
    {
        using var stream = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var hashes = ImmutableArray.CreateBuilder<string>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // A server does this beside its requests: large buffers would have it collect all of its heap.
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        for (var rest = stream.Length; rest > 0; rest -= ChunkLength)
        {
            for (var left = (int)Math.Min(ChunkLength, rest); left > 0; left -= BufferLength)
            {
                var part = buffer.AsSpan(0, Math.Min(BufferLength, left));
                stream.ReadExactly(part);
                hash.AppendData(part);
            }

            hashes.Add(Convert.ToHexStringLower(hash.GetHashAndReset()));
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return new ArtifactFile(file, stream.Length, hashes.ToImmutable());
    }

    /// <summary>Looks at a file of a version.</summary>
    /// <param name="folder">The version's folder.</param>
    /// <param name="expected">What its manifest says.</param>
    /// <param name="check">How closely.</param>
    /// <exception cref="ArtifactException">The file is missing, of another length, or a chunk has another hash.</exception>
    public static void Verify(string folder, ArtifactFile expected, ArtifactCheck check = ArtifactCheck.Hashes)
    {
        var info = new FileInfo(Path.Combine(folder, expected.Path));
        if (!info.Exists)
        {
            throw new ArtifactException(expected.Path, "is missing.");
        }

        if (info.Length != expected.Length)
        {
            throw new ArtifactException(expected.Path, $"has {info.Length} bytes; the manifest says {expected.Length}.");
        }

        if (check == ArtifactCheck.Hashes)
        {
            var found = Of(folder, expected.Path).Sha256;
            for (var chunk = 0; chunk < found.Length; chunk++)
            {
                if (found[chunk] != expected.Sha256[chunk])
                {
                    throw new ArtifactException(
                        expected.Path, $"chunk {chunk} has SHA-256 {found[chunk]}; the manifest says {expected.Sha256[chunk]}.");
                }
            }
        }
    }
}

/// <summary>How closely a version's files are looked at when it is opened.</summary>
public enum ArtifactCheck : byte
{
    /// <summary>Every byte, against the hashes of the manifest.</summary>
    Hashes = 0,

    /// <summary>Lengths only: for a version that this process has just written or checked.</summary>
    Lengths = 1,
}
