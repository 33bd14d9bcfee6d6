using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ranking.Trainer;

/// <summary>
/// Checkpoints on disk, one folder each, numbered upwards. The list of files with their sizes and SHA-256 is written
/// last, into a folder that is then renamed into place: a checkpoint without it, or with another hash, does not exist.
/// </summary>
internal sealed class CheckpointFolder(string root)
{
    private const string ListName = "checkpoint.json";
    private const int Format = 1;
    private const int Kept = 2;

    /// <summary>Writes a checkpoint and removes those before the last two.</summary>
    /// <param name="write">Writes the files into the given folder.</param>
    public void Write(Action<string> write)
    {
        var number = Numbers().FirstOrDefault() + 1;
        var staged = Path.Combine(root, $".staged-{number}");
        if (Directory.Exists(staged))
        {
            Directory.Delete(staged, true);
        }

        Directory.CreateDirectory(staged);
        write(staged);
        var files = Directory.EnumerateFiles(staged, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new CheckedFile(Path.GetRelativePath(staged, file), new FileInfo(file).Length, HashOf(file)))
            .ToArray();
        using (var list = File.Create(Path.Combine(staged, ListName)))
        {
            JsonSerializer.Serialize(list, new FileList(Format, files));
            list.Flush(flushToDisk: true);
        }

        Directory.Move(staged, PathOf(number));
        foreach (var old in Numbers().Skip(Kept))
        {
            Directory.Delete(PathOf(old), true);
        }
    }

    /// <summary>The newest whole checkpoint's folder, or null.</summary>
    /// <param name="refused">Told of each newer one that is not whole, and why.</param>
    public string? FindNewest(Action<string> refused)
    {
        foreach (var number in Numbers())
        {
            if (FaultOf(PathOf(number)) is not { } fault)
            {
                return PathOf(number);
            }

            refused($"checkpoint {PathOf(number)} is not used: {fault}");
        }

        return null;
    }

    private static string? FaultOf(string folder)
    {
        var list = Path.Combine(folder, ListName);
        if (!File.Exists(list))
        {
            return $"{ListName} is missing";
        }

        FileList files;
        try
        {
            files = JsonSerializer.Deserialize<FileList>(File.ReadAllBytes(list))!;
        }
        catch (JsonException broken)
        {
            return $"{ListName} is damaged: {broken.Message}";
        }

        return files.Format != Format
            ? $"it has format {files.Format}, this version reads {Format}"
            : files.Files.Select(file => FaultOf(folder, file)).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOf(string folder, CheckedFile file)
    {
        var path = Path.Combine(folder, file.Name);
        return !File.Exists(path) ? $"{file.Name} is missing"
            : new FileInfo(path).Length != file.Size ? $"{file.Name} has {new FileInfo(path).Length} bytes instead of {file.Size}"
            : HashOf(path) != file.Sha256 ? $"{file.Name} has another SHA-256 than when it was written"
            : null;
    }

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string PathOf(int number) => Path.Combine(root, number.ToString("D8", CultureInfo.InvariantCulture));

    private int[] Numbers() => !Directory.Exists(root)
        ? []
        : [.. Directory.EnumerateDirectories(root)
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0)
            .OrderDescending()];

    private sealed record CheckedFile(string Name, long Size, string Sha256);

    private sealed record FileList(int Format, CheckedFile[] Files);
}
