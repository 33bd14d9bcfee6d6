using Ranking.Files;

namespace Ranking.Evaluation;

/// <summary>Writes the joined examples of a log, as the learner sees them, into a file: Parquet or JSON lines by its ending.</summary>
public static class ExampleExport
{
    /// <summary>Writes all examples, in the order of the log.</summary>
    /// <param name="source">Which log.</param>
    /// <param name="path">The file.</param>
    /// <param name="warn">Told of records and rows that cannot be used.</param>
    /// <param name="progress">Hears how much has been read, 0 to 1, where that is known.</param>
    /// <param name="cancellation">Ends it; the file then has what was written so far.</param>
    /// <returns>How many examples.</returns>
    /// <exception cref="TableException">The file cannot be written.</exception>
    public static async Task<long> RunAsync(
        ExampleSource source, string path, Action<string> warn, IProgress<double> progress, CancellationToken cancellation)
    {
        var model = source.Job.Model;
        var columns = new ExampleColumns(model.Tasks, model.Schema);
        using var writer = TableWriter.Create(path, columns.Columns);
        await ExampleReader.ReadAsync(source, model.Tasks, example => writer.Write(columns.RowOf(example)), warn, progress, cancellation).ConfigureAwait(false);
        return writer.Rows;
    }
}
