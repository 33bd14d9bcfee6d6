using System.Collections.Immutable;
using System.Text;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>One request with one candidate, as raw feature records.</summary>
/// <param name="EventTime">The request's time, Unix milliseconds.</param>
/// <param name="Features">Its records.</param>
public sealed record GoldenRow(long EventTime, FeatureRecords Features);

/// <summary>Inputs and what whoever trained the version says that serving must make of them.</summary>
/// <param name="Rows">The inputs; see <see cref="GoldenRows"/>.</param>
/// <param name="Outputs">The names of the outputs.</param>
/// <param name="Scores">[rows, outputs] served values: train-only features as served, dropout off, the sampling shift added.</param>
public sealed record GoldenSet(ImmutableArray<GoldenRow> Rows, ImmutableArray<string> Outputs, ImmutableArray<float> Scores)
{
    private const ulong Magic = 0x4E45444C4F474B52; // "RKGOLDEN"
    private const int FormatVersion = 1;

    /// <summary>How far a probability may be from its golden score in 32 bits. A logit may be four times as far (dp ≤ dx / 4), relatively above 1.</summary>
    public const float Tolerance = 1e-5f;

    /// <summary>How far a served value is from the golden one, as a probability is: a logit's difference by four, relatively above 1. NaN where one is not finite.</summary>
    public static float Deviation(OutputKind kind, float expected, float found) =>
        Math.Abs(expected - found) / (kind is OutputKind.Probability or OutputKind.Joint ? 1 : 4 * Math.Max(1, Math.Abs(expected)));

    internal byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write(Rows.Length);
        writer.Write(Outputs.Length);
        foreach (var output in Outputs)
        {
            writer.Write(output);
        }

        foreach (var row in Rows)
        {
            writer.Write(row.EventTime);
            Write(writer, row.Features.User);
            Write(writer, row.Features.Context);
            Write(writer, row.Features.Item);
            Write(writer, row.Features.Pair);
        }

        foreach (var score in Scores)
        {
            writer.Write(score);
        }

        return buffer.ToArray();
    }

    /// <exception cref="ArtifactException">The bytes are no golden set.</exception>
    internal static GoldenSet Read(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            var (magic, version) = (reader.ReadUInt64(), reader.ReadInt32());
            if (magic != Magic || version != FormatVersion)
            {
                throw new ArtifactException(ArtifactFiles.Golden, $"has magic {magic:x16} and format {version}; this build reads {Magic:x16} and {FormatVersion}.");
            }

            var (rows, outputs) = (reader.ReadInt32(), reader.ReadInt32());
            ImmutableArray<string> names = [.. ReadMany(outputs, reader.ReadString)];
            ImmutableArray<GoldenRow> inputs = [.. ReadMany(rows, () => ReadRow(reader))];
            return new GoldenSet(inputs, names, [.. ReadMany(rows * outputs, reader.ReadSingle)]);
        }
        catch (EndOfStreamException e)
        {
            throw new ArtifactException(ArtifactFiles.Golden, "is cut short.", e);
        }
    }

    private static T[] ReadMany<T>(int count, Func<T> read)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = read();
        }

        return values;
    }

    private static GoldenRow ReadRow(BinaryReader reader) => new(
        reader.ReadInt64(), new FeatureRecords(ReadRecord(reader), ReadRecord(reader), ReadRecord(reader), ReadRecord(reader)));

    private static byte[] ReadRecord(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());

    private static void Write(BinaryWriter writer, ReadOnlyMemory<byte> record)
    {
        writer.Write(record.Length);
        writer.Write(record.Span);
    }
}
