using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>
/// A learner as files: <c>dense.bin</c> (weights and Adam's slots), <c>trees.bin</c> and <c>calibration.bin</c> where
/// declared, <c>table-N.bin</c> (rows with their accumulators, and sightings), and <c>learner.json</c> with the specification and
/// every file's SHA-256, written last: a folder without it is no checkpoint.
/// </summary>
internal static class LearnerCheckpoint
{
    private const int FormatVersion = 1;
    private const string ManifestName = "learner.json";
    private const string CalibrationName = "calibration.bin";
    private const string TreesName = "trees.bin";
    private static readonly byte[] magic = "RKLEARN1"u8.ToArray();

    public static void Save(Learner learner, string folder)
    {
        Directory.CreateDirectory(folder);
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal)
        {
            ["dense.bin"] = WriteFile(folder, "dense.bin", writer => WriteDense(learner, writer)),
        };
        foreach (var (name, parameters) in new[] { (TreesName, learner.Trees.Parameters), (CalibrationName, learner.Calibrator.Parameters) })
        {
            if (parameters.Count > 0)
            {
                hashes[name] = WriteFile(folder, name, writer => WriteParameters(parameters, writer));
            }
        }

        for (var i = 0; i < learner.Tables.Length; i++)
        {
            var table = learner.Tables[i];
            hashes[$"table-{i}.bin"] = WriteFile(folder, $"table-{i}.bin", writer => TableFile.Write(table, writer));
        }

        var manifest = new Manifest(
            "ranking-learner", FormatVersion, learner.Steps, learner.Clock, ModelJson.Write(learner.Spec), learner.Transforms, hashes,
            [.. learner.Tables.Select(table => table.Resets)], learner.Network);
        File.WriteAllText(Path.Combine(folder, ManifestName), JsonSerializer.Serialize(manifest));
    }

    public static Learner Load(string folder, LearnerOptions options)
    {
        var manifest = ReadManifest(folder);
        foreach (var (name, hash) in manifest.Hashes)
        {
            Verify(Path.Combine(folder, name), hash);
        }

        var learner = new Learner(
            ModelJson.ReadSpec(manifest.Spec, Path.Combine(folder, ManifestName)), manifest.Transforms, options, manifest.Network);
        try
        {
            (learner.Steps, learner.Clock) = (manifest.Steps, manifest.Clock);
            ReadFile(folder, "dense.bin", reader => learner.Dense.State = [ReadNumbers(reader), ReadNumbers(reader), ReadNumbers(reader)]);
            if (learner.Trees.Parameters.Count > 0)
            {
                ReadFile(folder, TreesName, reader => learner.Trees.Parameters = ReadParameters(reader));
            }

            if (learner.Calibrator.Parameters.Count > 0)
            {
                ReadFile(folder, CalibrationName, reader => learner.Calibrator.Parameters = ReadParameters(reader));
            }

            for (var i = 0; i < learner.Tables.Length; i++)
            {
                learner.Tables[i].Reset(manifest.Resets?[i] ?? 0);
                ReadFile(folder, $"table-{i}.bin", reader => TableFile.Read(learner.Tables[i], reader));
            }

            return learner;
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }

    private static Manifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"'{folder}' is no learner's checkpoint: it has no {ManifestName}.");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllText(path))!;
            return manifest.Format == FormatVersion ? manifest
                : throw new InvalidDataException($"'{path}' has format {manifest.Format}; this program reads {FormatVersion}.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not readable: {e.Message}", e);
        }
    }

    private static void Verify(string path, string hash)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"'{path}' is missing from the checkpoint.");
        }

        using var stream = File.OpenRead(path);
        var found = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (found != hash)
        {
            throw new InvalidDataException($"'{path}' has SHA-256 {found}, and the checkpoint says {hash}: it was changed or cut short.");
        }
    }

    private static string WriteFile(string folder, string name, Action<BinaryWriter> write)
    {
        using var stream = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 20);
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(magic);
            write(writer);
        }

        stream.Flush(flushToDisk: true);
        stream.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static void ReadFile(string folder, string name, Action<BinaryReader> read)
    {
        using var reader = new BinaryReader(new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20));
        if (!reader.ReadBytes(magic.Length).AsSpan().SequenceEqual(magic))
        {
            throw new InvalidDataException($"'{Path.Combine(folder, name)}' is no part of a learner's checkpoint.");
        }

        read(reader);
    }

    private static void WriteDense(Learner learner, BinaryWriter writer)
    {
        foreach (var numbers in learner.Dense.State)
        {
            WriteNumbers(writer, numbers);
        }
    }

    private static void WriteParameters(Dictionary<string, float[]> parameters, BinaryWriter writer)
    {
        writer.Write(parameters.Count);
        foreach (var (name, numbers) in parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            writer.Write(name);
            WriteNumbers(writer, numbers);
        }
    }

    private static Dictionary<string, float[]> ReadParameters(BinaryReader reader) =>
        Enumerable.Range(0, reader.ReadInt32()).Select(_ => (Name: reader.ReadString(), Numbers: ReadNumbers(reader)))
            .ToDictionary(parameter => parameter.Name, parameter => parameter.Numbers);

    private static void WriteNumbers(BinaryWriter writer, float[] numbers)
    {
        writer.Write(numbers.Length);
        writer.Write(MemoryMarshal.AsBytes(numbers.AsSpan()));
    }

    private static float[] ReadNumbers(BinaryReader reader)
    {
        var numbers = new float[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    private sealed record Manifest(
        string Kind, int Format, long Steps, long Clock, byte[] Spec, ImmutableArray<NumericTransform> Transforms, SortedDictionary<string, string> Hashes,
        int[]? Resets = null, int? Network = null);
}
