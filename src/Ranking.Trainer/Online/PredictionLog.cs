using System.Collections.Immutable;
using Ranking.Files;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Where a run keeps what it predicted, for the evaluation report: one file, which goes on with the checkpoints, so that
/// each impression stands in it once, whatever happened between.
/// </summary>
internal sealed class PredictionLog(string path, ModelSpec spec) : IDisposable
{
    private readonly ImmutableArray<string> outputs = [.. Architecture.Build(spec).Outputs.Select(output => output.Name)];
    private PredictionFileWriter? writer;

    /// <summary>Appends what was predicted; the first prediction of a new run begins the file.</summary>
    public void Add(UInt128 impression, ReadOnlySpan<float> predicted)
    {
        writer ??= PredictionFileWriter.Create(path, spec.Name, outputs);
        writer.Add(impression, predicted);
    }

    /// <summary>Lets others read what there is.</summary>
    public void Flush() => writer?.Flush();

    /// <summary>Makes durable what there is, and gives its length; 0 while there is no file.</summary>
    public long Keep()
    {
        writer?.Flush(toDisk: true);
        return writer?.Length ?? 0;
    }

    /// <summary>Goes on where a checkpoint was written.</summary>
    /// <exception cref="InvalidDataException">The file is not what the checkpoint left.</exception>
    public void GoOn(long length) => writer = length == 0 ? null : PredictionFileWriter.Continue(path, spec.Name, outputs, length);

    public void Dispose() => writer?.Dispose();
}
