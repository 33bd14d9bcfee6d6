using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>Scores impressions with one or several models; judged are those that all of them score.</summary>
internal sealed class RowScoring(ImmutableArray<JudgedOutput> outputs, IProgress<EvaluationProgress>? progress)
{
    private const int ProgressEvery = 4096;

    /// <summary>The scored impressions, and each model's probabilities for them.</summary>
    public (List<LabelledImpression> Rows, ImmutableArray<ScoredRows> Scores) Score(
        IReadOnlyList<(string Name, EvaluatedModel Model)> models, List<LabelledImpression> asked, CancellationToken cancellation)
    {
        var rows = new List<LabelledImpression>(asked.Count);
        var columns = models.Select(model => new Columns(model.Name, model.Model, outputs, asked.Count)).ToArray();
        for (var i = 0; i < asked.Count; i++)
        {
            if (i % ProgressEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new EvaluationProgress("score", i, asked.Count));
            }

            if (Array.TrueForAll(columns, column => column.TryScore(asked[i])))
            {
                rows.Add(asked[i]);
                Array.ForEach(columns, column => column.Keep());
            }
        }

        progress?.Report(new EvaluationProgress("score", asked.Count, asked.Count));
        return (rows, [.. columns.Select(column => column.ToRows())]);
    }

    // Another version may lack an output or have it at another place.
    private sealed class Columns(string name, EvaluatedModel model, ImmutableArray<JudgedOutput> outputs, int capacity)
    {
        private readonly float[] values = new float[model.Outputs.Length];
        private readonly (int Index, List<float> Kept)[] columns = [.. outputs.Select(output =>
            (model.Outputs.Select(other => other.Name).ToList().IndexOf(output.Name), new List<float>(capacity)))];

        public bool TryScore(LabelledImpression row) => model.Scorer.TryScore(row.Example, values);

        public void Keep()
        {
            foreach (var (index, kept) in columns)
            {
                if (index >= 0)
                {
                    kept.Add(values[index]);
                }
            }
        }

        public ScoredRows ToRows() => new(name, [.. columns.Select(column => column.Index < 0 ? null : column.Kept.ToArray())]);
    }
}
