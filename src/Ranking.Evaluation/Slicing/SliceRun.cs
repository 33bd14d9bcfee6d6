using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>Cuts the judged impressions by each slicer's values, and judges each cut.</summary>
/// <param name="slicers">What to cut by.</param>
/// <param name="options">How many values are shown. Where nobody named slicers, those that leave the data whole are left out.</param>
internal sealed class SliceRun(ImmutableArray<Slicer> slicers, EvaluationOptions options)
{
    /// <summary>The slices, with the rows of each, by their places among the judged impressions.</summary>
    public IEnumerable<(Slicer By, string Value, int[] Rows)> Cut(IReadOnlyList<LabelledImpression> train, List<LabelledImpression> rows)
    {
        foreach (var slicer in slicers)
        {
            slicer.Fit(train);
            var cuts = Enumerable.Range(0, rows.Count).GroupBy(row => slicer.ValueOf(rows[row].Example))
                .Select(cut => (Value: cut.Key, Rows: cut.ToArray())).ToList();
            if (cuts.Count == 1 && options.SliceBy.IsEmpty)
            {
                continue;
            }

            foreach (var (value, places) in Chosen(slicer, cuts))
            {
                yield return (slicer, value, places);
            }
        }
    }

    private IEnumerable<(string Value, int[] Rows)> Chosen(Slicer slicer, List<(string Value, int[] Rows)> cuts)
    {
        var frequent = cuts.OrderByDescending(cut => cut.Rows.Length).ThenBy(cut => cut.Value, StringComparer.Ordinal);
        // Numbers and ranges of numbers stand in their order by length, then by text.
        return slicer.IsOrdered
            ? frequent.Take(Math.Max(slicer.MostValues, options.SliceValues)).OrderBy(cut => cut.Value.Length).ThenBy(cut => cut.Value, StringComparer.Ordinal)
            : frequent.Take(options.SliceValues);
    }
}
