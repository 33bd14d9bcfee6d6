using Ranking.Core;

namespace Ranking.Files;

/// <summary>Compares the declarations of a job's data with the files, for <c>ranking validate</c>.</summary>
public static class SourceCheck
{
    /// <summary>Everything that does not fit, with the first place where each kind of it was seen.</summary>
    /// <param name="source">The declarations.</param>
    /// <param name="schema">The features.</param>
    /// <param name="progress">Hears how much of the log's table has been read, 0 to 1.</param>
    public static IReadOnlyList<SourceFault> Run(SourceSpec source, FeatureSchema schema, IProgress<double>? progress = null)
    {
        var columns = new ColumnCheck(source, schema);
        columns.Run();
        if (columns.Faults.Count == 0)
        {
            new RowCheck(source, schema, columns.Faults).Run(progress);
        }

        return columns.Faults;
    }
}
