using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ranking.Models;

/// <summary>
/// Dense weights in the safetensors format: the length of a JSON header (8 bytes), the header, the numbers (F32, row-major,
/// little endian). Source: huggingface/safetensors, "Format".
/// </summary>
internal static class SafeTensors
{
    /// <summary>Bytes of the header's length.</summary>
    public const int LeastLength = sizeof(long);

    private const string FormatVersion = "1";

    /// <exception cref="ArtifactException">A parameter is missing, superfluous, or of another length.</exception>
    public static void Write(string folder, IEnumerable<GraphParameter> parameters, IReadOnlyDictionary<string, float[]> weights)
    {
        var sorted = Check(parameters, weights.ToDictionary(weight => weight.Key, weight => weight.Value.Length));
        var header = Header(sorted);
        using var stream = Durable.Create(Path.Combine(folder, ArtifactFiles.Weights));
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var parameter in sorted)
        {
            stream.Write(MemoryMarshal.AsBytes(weights[parameter.Name].AsSpan()));
        }

        stream.Flush(flushToDisk: true);
    }

    /// <summary>Where the numbers of each parameter begin in the file, and how many they are.</summary>
    /// <exception cref="ArtifactException">The file does not hold the parameters.</exception>
    public static Dictionary<string, (long From, int Length)> Places(ReadOnlySpan<byte> bytes, IEnumerable<GraphParameter> parameters)
    {
        try
        {
            var data = LeastLength + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
            using var header = JsonDocument.Parse(bytes[LeastLength..data].ToArray());
            var places = new Dictionary<string, (long From, int Length)>();
            foreach (var tensor in header.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__"))
            {
                var offsets = tensor.Value.GetProperty("data_offsets");
                var (from, to) = (offsets[0].GetInt32(), offsets[1].GetInt32());
                places[tensor.Name] = (data + from, bytes[data..][from..to].Length / sizeof(float));
            }

            Check(parameters, places.ToDictionary(place => place.Key, place => place.Value.Length));
            return places;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new ArtifactException(ArtifactFiles.Weights, $"is no safetensors file: {e.Message}", e);
        }
    }

    private static GraphParameter[] Check(IEnumerable<GraphParameter> parameters, Dictionary<string, int> lengths)
    {
        GraphParameter[] sorted = [.. parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)];
        foreach (var parameter in sorted)
        {
            var found = lengths.GetValueOrDefault(parameter.Name, -1);
            if (found != parameter.Length)
            {
                throw new ArtifactException(
                    ArtifactFiles.Weights,
                    $"'{parameter.Name}' has {(found < 0 ? "no" : found)} numbers; the graph needs {parameter.Rows} × {parameter.Columns}.");
            }
        }

        return lengths.Keys.Except(sorted.Select(parameter => parameter.Name)).FirstOrDefault() is { } superfluous
            ? throw new ArtifactException(ArtifactFiles.Weights, $"'{superfluous}' is no parameter of the graph.")
            : sorted;
    }

    // Padded with spaces, as the format allows, so that the numbers are aligned.
    private static byte[] Header(GraphParameter[] parameters)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "ranking.weights");
            writer.WriteString("format_version", FormatVersion);
            writer.WriteEndObject();
            var offset = 0;
            foreach (var parameter in parameters)
            {
                writer.WriteStartObject(parameter.Name);
                writer.WriteString("dtype", "F32");
                writer.WritePropertyName("shape");
                writer.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"[{parameter.Rows},{parameter.Columns}]"));
                writer.WritePropertyName("data_offsets");
                writer.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"[{offset},{offset + (sizeof(float) * parameter.Length)}]"));
                writer.WriteEndObject();
                offset += sizeof(float) * parameter.Length;
            }

            writer.WriteEndObject();
        }

        buffer.Write(Encoding.UTF8.GetBytes(new string(' ', (int)(-buffer.Length & 7))));
        return buffer.ToArray();
    }
}
