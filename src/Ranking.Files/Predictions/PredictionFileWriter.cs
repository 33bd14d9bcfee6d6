namespace Ranking.Files;

/// <summary>
/// Appends what a model predicted for impressions at their own places in the order, a row of the same size each; it can be
/// read meanwhile. <see cref="PredictionFile"/> tells the layout.
/// </summary>
public sealed class PredictionFileWriter : IDisposable
{
    private readonly FileStream file;
    private readonly BinaryWriter writer;
    private readonly int width;

    private PredictionFileWriter(FileStream file, int width)
    {
        this.file = file;
        this.width = width;
        writer = new BinaryWriter(file);
    }

    /// <summary>How many bytes have been written: where a run that is interrupted here goes on.</summary>
    public long Length => file.Position;

    /// <summary>Begins a file; one that is there is replaced.</summary>
    /// <param name="path">Where; its folder is created where missing.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="outputs">What a row holds, by name.</param>
    public static PredictionFileWriter Create(string path, string model, IReadOnlyCollection<string> outputs)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var begun = new PredictionFileWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16), outputs.Count);
        begun.writer.Write(PredictionFile.Magic);
        begun.writer.Write(PredictionFile.FormatVersion);
        begun.writer.Write(model);
        begun.writer.Write(outputs.Count);
        foreach (var output in outputs)
        {
            begun.writer.Write(output);
        }

        return begun;
    }

    /// <summary>Goes on where an interrupted run was; what it wrote after that is written again.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="outputs">What a row holds, by name.</param>
    /// <param name="length">Its <see cref="Length"/> there.</param>
    /// <exception cref="InvalidDataException">The file is not there, is shorter, or is another model's.</exception>
    public static PredictionFileWriter Continue(string path, string model, IReadOnlyCollection<string> outputs, long length)
    {
        if (!File.Exists(path) || new FileInfo(path).Length < length)
        {
            throw new InvalidDataException(
                $"{path} has fewer predictions than when the checkpoint was written: restore it, or train anew with another folder of checkpoints.");
        }

        var (written, columns) = PredictionFile.HeaderOf(path);
        if (written != model || !columns.SequenceEqual(outputs))
        {
            throw new InvalidDataException(
                $"{path} holds {string.Join(", ", columns)} of '{written}', and '{model}' predicts {string.Join(", ", outputs)}: name another file.");
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, 1 << 16);
        file.SetLength(length);
        file.Position = length;
        return new PredictionFileWriter(file, outputs.Count);
    }

    /// <summary>Appends a row.</summary>
    /// <param name="impression">The key of request and item.</param>
    /// <param name="outputs">[outputs] what was predicted.</param>
    /// <exception cref="ArgumentException">There are more or fewer outputs than a row has.</exception>
    public void Add(UInt128 impression, ReadOnlySpan<float> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, width);
        writer.Write((ulong)(impression >> 64));
        writer.Write((ulong)impression);
        foreach (var output in outputs)
        {
            writer.Write(output);
        }
    }

    /// <summary>Makes what was added readable by others, and where asked for safe from a power cut.</summary>
    public void Flush(bool toDisk = false) => file.Flush(toDisk);

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
