using System.Runtime.InteropServices;
using System.Text;

namespace Ranking.Core;

/// <summary>
/// Examples as bytes, for checkpoints and spools: fixed fields in little endian, then four feature records, the
/// predicted outputs and the split, each with its length. Whoever stores them writes the format version before them.
/// </summary>
public static class ExampleCodec
{
    /// <summary>The format that this code reads and writes.</summary>
    public const int FormatVersion = 2;

    /// <summary>Appends an example.</summary>
    public static void Write(BinaryWriter writer, Example example)
    {
        writer.Write(example.Sequence);
        writer.Write(example.EventTime);
        writer.Write7BitEncodedInt(example.Position + 1 ?? 0);
        writer.Write((ulong)(example.Impression >> 64));
        writer.Write((ulong)example.Impression);
        writer.Write(example.User);
        writer.Write(example.Labels);
        writer.Write(example.Observed);
        writer.Write(example.Weight);
        writer.Write(example.SamplingRate);
        writer.Write(example.IsReconstructed);
        Write(writer, example.Features.User.Span);
        Write(writer, example.Features.Context.Span);
        Write(writer, example.Features.Item.Span);
        Write(writer, example.Features.Pair.Span);
        Write(writer, MemoryMarshal.AsBytes(example.Predicted.Span));
        Write(writer, Encoding.UTF8.GetBytes(example.Split));
    }

    /// <summary>Appends how many there are, and each.</summary>
    public static void WriteAll(BinaryWriter writer, IReadOnlyCollection<Example> examples)
    {
        writer.Write(examples.Count);
        foreach (var example in examples)
        {
            Write(writer, example);
        }
    }

    /// <summary>Reads what <see cref="WriteAll"/> wrote.</summary>
    /// <exception cref="EndOfStreamException">The bytes end before they do.</exception>
    public static IEnumerable<Example> ReadAll(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            yield return Read(reader);
        }
    }

    /// <summary>Reads one example.</summary>
    /// <exception cref="EndOfStreamException">The bytes end before it does.</exception>
    public static Example Read(BinaryReader reader) => new()
    {
        Sequence = reader.ReadInt64(),
        EventTime = reader.ReadInt64(),
        Position = reader.Read7BitEncodedInt() is > 0 and var place ? place - 1 : null,
        Impression = new UInt128(reader.ReadUInt64(), reader.ReadUInt64()),
        User = reader.ReadUInt64(),
        Labels = reader.ReadUInt32(),
        Observed = reader.ReadUInt32(),
        Weight = reader.ReadSingle(),
        SamplingRate = reader.ReadSingle(),
        IsReconstructed = reader.ReadBoolean(),
        Features = new FeatureRecords(ReadBytes(reader), ReadBytes(reader), ReadBytes(reader), ReadBytes(reader)),
        Predicted = MemoryMarshal.Cast<byte, float>(ReadBytes(reader)).ToArray(),
        Split = string.Intern(Encoding.UTF8.GetString(ReadBytes(reader))),
    };

    private static void Write(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException("an example is cut short.");
    }
}
