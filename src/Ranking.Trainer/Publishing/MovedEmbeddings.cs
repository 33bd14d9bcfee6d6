using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// What of the rows that were touched goes into a delta: those whose numbers are others than the served ones. Steps of
/// frequent ids are soon too small to tell scores apart, and each would have what servers keep of its items computed anew: a
/// row stays as it is served until one of its numbers is off by more than <see cref="Least"/>.
/// </summary>
internal static class MovedEmbeddings
{
    /// <summary>Sixteen numbers that are off by it move a logit by 0.005 at the most, by weights of 0.3.</summary>
    private const float Least = 0.001f;

    /// <param name="touched">Rows as they were learned.</param>
    /// <param name="served">The version that servers have: a delta's own rows are in the next one, too.</param>
    public static EmbeddingTableData Of(IEmbeddingSource touched, ModelArtifact served)
    {
        var table = served.Table(touched.Name);
        var (keys, moved, rows) = (new ulong[touched.Count], new List<ulong>(), new List<float>());
        var (learned, before, bytes) = (new float[table.Dimension], new float[table.Dimension], new byte[RowCodec.LengthOf(table.Precision, table.Dimension)]);
        var firstOwn = served.Base is { } under ? under.Table(touched.Name).Count : table.Count;
        touched.CopyKeys(keys);
        for (var place = 0; place < keys.Length; place++)
        {
            // Compared as they are served: rounded, where rows are.
            RowCodec.Write(table.Precision, touched.Row(place), bytes);
            RowCodec.Read(table.Precision, bytes, learned);
            var row = table.Find(keys[place]);
            if (row >= 0)
            {
                table.Read(row, before);
            }

            if (row < 0 || IsMoved(learned, before))
            {
                moved.Add(keys[place]);
                rows.AddRange(touched.Row(place));
            }
            else if (row >= firstOwn)
            {
                moved.Add(keys[place]);
                rows.AddRange(before);
            }
        }

        return new EmbeddingTableData(touched.Name, table.Dimension, [.. moved], [.. rows]);
    }

    private static bool IsMoved(float[] learned, float[] before)
    {
        for (var number = 0; number < learned.Length; number++)
        {
            if (!(MathF.Abs(learned[number] - before[number]) <= Least))
            {
                return true;
            }
        }

        return false;
    }
}
