using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>
/// Scores the judged impressions again for each group of features, with the group's values of another impression drawn
/// among them, on all cores: as many scores as impressions times groups, bounded by drawing impressions.
/// </summary>
internal sealed class PermutationImportance(
    EvaluatedModel model, ImmutableArray<FeatureGroup> groups, ImmutableArray<JudgedOutput> outputs, EvaluationOptions options,
    IProgress<EvaluationProgress>? progress)
{
    private const int MostScores = 4_000_000;
    private const int Chunk = 256;

    /// <summary>What each group is worth; null where nobody asked, or predictions cannot be made again.</summary>
    public ImportanceReport? Measure(List<LabelledImpression> rows, ScoredRows scores, CancellationToken cancellation)
    {
        if (options.ImportanceRows == 0 || model.Rescorer is not { } rescorer || groups.IsEmpty)
        {
            return null;
        }

        var drawn = Draw(rows.Count, Math.Min(options.ImportanceRows, MostScores / groups.Length));
        var sample = Array.ConvertAll(drawn, row => rows[row]);
        var own = outputs.Select((_, output) => Array.ConvertAll(drawn, row => scores.ByOutput[output]![row])).ToArray();
        var judges = outputs.Select(output => new Judge(output, model.Spec.Tasks, sample, options)).ToArray();
        var donors = Enumerable.Range(0, sample.Length).ToArray();
        new Random((int)(options.Seed % int.MaxValue)).Shuffle(donors);
        var results = new GroupImportance[groups.Length];
        var done = 0;
        Parallel.For(0, groups.Length, new ParallelOptions { CancellationToken = cancellation }, rescorer, (at, _, scorer) =>
        {
            var permuted = Score(scorer, sample, donors, groups[at]);
            results[at] = new GroupImportance(groups[at].Name, groups[at].IsUnion, groups[at].Inputs, [.. judges.Select((judge, output) =>
            {
                var difference = judge.Compare(groups[at].Name, own[output], permuted[output]);
                return new AucLoss(difference.Output, difference.AucDifference, difference.Interval);
            })]);
            lock (results)
            {
                progress?.Report(new EvaluationProgress("importance", ++done, groups.Length));
            }

            return scorer;
        }, _ => { });
        return new ImportanceReport(sample.Length, [.. results.OrderByDescending(group => group.Losses.Max(loss => loss.Loss))]);
    }

    private int[] Draw(int count, int most)
    {
        var all = Enumerable.Range(0, count).ToArray();
        if (count > most)
        {
            new Random((int)(options.Seed % int.MaxValue)).Shuffle(all);
        }

        return [.. all.Take(most).Order()];
    }

    private float[][] Score(IBatchScorer scorer, LabelledImpression[] sample, int[] donors, FeatureGroup group)
    {
        var columns = outputs.Select(_ => new float[sample.Length]).ToArray();
        var width = model.Outputs.Length;
        var values = new float[Chunk * width];
        foreach (var rows in Enumerable.Range(0, sample.Length).Chunk(Chunk))
        {
            scorer.Score(Array.ConvertAll(rows, row => RecordSplice.Apply(sample[row].Example, sample[donors[row]].Example, group)), values);
            for (var output = 0; output < columns.Length; output++)
            {
                for (var i = 0; i < rows.Length; i++)
                {
                    columns[output][rows[i]] = values[(i * width) + outputs[output].Index];
                }
            }
        }

        return columns;
    }
}
