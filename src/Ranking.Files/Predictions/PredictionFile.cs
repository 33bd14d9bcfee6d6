using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Ranking.Files;

/// <summary>
/// What a model predicted for impressions, each at its own place in the order and so with the weights of its moment.
/// Little endian: a magic, a format version, the model's name, the number of outputs and their names; then rows of 16 bytes of the
/// impression's key, high half first, and 4 bytes an output. Labels and features are the log's and not in it.
/// </summary>
public sealed class PredictionFile
{
    /// <summary>The first eight bytes.</summary>
    public const ulong Magic = 0x3144_4552_504B_4E52; // "RNKPRED1"

    /// <summary>The format that this code reads and writes.</summary>
    public const int FormatVersion = 1;

    private const int KeyBytes = 16;
    private readonly Dictionary<UInt128, int> rowOf = [];
    private readonly List<float> values = [];

    /// <summary>Reads a file as far as it goes now: it may still be written.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or one of another format.</exception>
    public PredictionFile(string path)
    {
        using var file = Open(path);
        using var reader = new BinaryReader(file);
        (Model, Outputs) = ReadHeader(reader, path);
        var rows = (file.Length - file.Position) / (KeyBytes + (sizeof(float) * Outputs.Length));
        for (var row = 0; row < rows; row++)
        {
            rowOf[new UInt128(reader.ReadUInt64(), reader.ReadUInt64())] = row;
            for (var output = 0; output < Outputs.Length; output++)
            {
                values.Add(reader.ReadSingle());
            }
        }
    }

    /// <summary>The model's name.</summary>
    public string Model { get; }

    /// <summary>The names of the outputs, in the order of a row.</summary>
    public ImmutableArray<string> Outputs { get; }

    /// <summary>How many impressions were predicted.</summary>
    public int Count => rowOf.Count;

    /// <summary>Finds what was predicted for an impression.</summary>
    /// <param name="impression">The key of request and item.</param>
    /// <param name="outputs">[outputs] filled where it is there.</param>
    public bool TryGet(UInt128 impression, Span<float> outputs)
    {
        if (!rowOf.TryGetValue(impression, out var row))
        {
            return false;
        }

        CollectionsMarshal.AsSpan(values).Slice(row * Outputs.Length, Outputs.Length).CopyTo(outputs);
        return true;
    }

    internal static (string Model, ImmutableArray<string> Outputs) HeaderOf(string path)
    {
        using var reader = new BinaryReader(Open(path));
        return ReadHeader(reader, path);
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);

    private static (string Model, ImmutableArray<string> Outputs) ReadHeader(BinaryReader reader, string path)
    {
        if (reader.BaseStream.Length < sizeof(ulong) + sizeof(int) || reader.ReadUInt64() != Magic)
        {
            throw new InvalidDataException($"{path} holds no predictions: give the file that 'ranking train --predictions' wrote.");
        }

        var format = reader.ReadInt32();
        return format == FormatVersion
            ? (reader.ReadString(), [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())])
            : throw new InvalidDataException($"{path} has format {format}; this version reads {FormatVersion}: write it anew.");
    }
}
