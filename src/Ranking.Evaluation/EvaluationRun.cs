using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>
/// Judges a model on labelled impressions. Every figure is a function of the impressions, the model and the options.
/// </summary>
public sealed class EvaluationRun
{
    private const int ProgressEvery = 4096;
    private readonly EvaluationOptions options;
    private readonly EvaluatedModel model;
    private readonly IProgress<EvaluationProgress>? progress;
    private readonly ImmutableArray<JudgedOutput> outputs;
    private readonly ImmutableArray<Slicer> slicers;

    /// <param name="model">The model.</param>
    /// <param name="options">What to judge, and beside what.</param>
    /// <param name="progress">Told how far the run is; null for nobody.</param>
    /// <exception cref="EvaluationException">The options have faults: all of them, one a line.</exception>
    public EvaluationRun(EvaluatedModel model, EvaluationOptions options, IProgress<EvaluationProgress>? progress = null)
    {
        if (options.Validate().ToList() is { Count: > 0 } faults)
        {
            throw new EvaluationException(string.Join('\n', faults));
        }

        this.model = model;
        this.options = options;
        this.progress = progress;
        outputs = JudgedOutput.Of(model.Outputs, model.Spec.Tasks);
        slicers = [.. options.SliceBy.Select(name => new Slicer(model.Spec.Schema, name))];
    }

    /// <summary>Scores and judges the impressions, and trains the baselines on theirs.</summary>
    /// <param name="set">All impressions, of every split.</param>
    /// <param name="truth">True probabilities, where they are known.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="EvaluationException">No impression of the test splits has a score.</exception>
    public EvaluationReport Run(EvaluationSet set, TrueProbabilities? truth = null, CancellationToken cancellation = default)
    {
        var asked = set.Rows.Where(row => options.Test.IsEmpty || options.Test.Contains(row.Example.Split)).ToList();
        var (rows, scores) = Score(asked, cancellation);
        if (rows.Count == 0)
        {
            throw new EvaluationException(
                $"none of {asked.Count} impressions of {Named(options.Test)} has a score ({set.Count} impressions in all, of "
                + $"{Named([.. set.Rows.Select(row => row.Example.Split).Distinct()])}): give a log that holds that split, and for a "
                + "progressive evaluation one that a model was trained on.");
        }

        var baselines = new BaselineTrainer(model, outputs, options, progress).Train(set.Rows, rows, cancellation);
        var judges = outputs.Select(output => new Judge(output, model.Spec.Tasks, rows)).ToArray();
        return new EvaluationReport
        {
            Model = new ModelIdentity(
                model.Spec.Name, model.Version, Words.Architecture(model.Spec.Architecture), $"{model.Spec.Schema.Fingerprint:x16}"),
            Data = Identify(rows, asked.Count - rows.Count),
            Models = JudgeAll(judges, [scores, .. baselines], rows, truth, cancellation),
            Differences = Compare(judges, scores, baselines),
            Slices = [.. slicers.SelectMany(slicer => Slice(slicer, judges, scores, rows))],
        };
    }

    private (List<LabelledImpression> Rows, ScoredRows Scores) Score(List<LabelledImpression> asked, CancellationToken cancellation)
    {
        var scored = new List<LabelledImpression>(asked.Count);
        var columns = outputs.Select(_ => new List<float>(asked.Count)).ToArray();
        var values = new float[model.Outputs.Length];
        for (var i = 0; i < asked.Count; i++)
        {
            if (i % ProgressEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new EvaluationProgress("score", i, asked.Count));
            }

            if (model.Scorer.TryScore(asked[i].Example, values))
            {
                scored.Add(asked[i]);
                for (var output = 0; output < outputs.Length; output++)
                {
                    columns[output].Add(values[outputs[output].Index]);
                }
            }
        }

        progress?.Report(new EvaluationProgress("score", asked.Count, asked.Count));
        return (scored, new ScoredRows(model.Spec.Name, [.. columns.Select(column => column.ToArray())]));
    }

    private ImmutableArray<ModelReport> JudgeAll(
        Judge[] judges, ScoredRows[] models, List<LabelledImpression> rows, TrueProbabilities? truth, CancellationToken cancellation)
    {
        var known = truth is null ? null : rows.Select(row =>
        {
            var conditional = new float[model.Spec.Tasks.Count];
            truth(row.Example, conditional);
            return conditional;
        }).ToArray();
        var reports = ImmutableArray.CreateBuilder<ModelReport>();
        foreach (var scored in models)
        {
            cancellation.ThrowIfCancellationRequested();
            reports.Add(new ModelReport(scored.Name, [.. judges.Zip(scored.ByOutput)
                .Where(pair => pair.Second is not null)
                .Select(pair => pair.First.Report(pair.Second!, known, options))]));
            progress?.Report(new EvaluationProgress("judge", reports.Count, models.Length));
        }

        return reports.ToImmutable();
    }

    private ImmutableArray<DifferenceReport> Compare(Judge[] judges, ScoredRows scores, ImmutableArray<ScoredRows> baselines) =>
        [.. from output in Enumerable.Range(0, outputs.Length)
            from baseline in baselines
            let others = baseline.ByOutput[output]
            where others is not null
            select judges[output].Compare(baseline.Name, scores.ByOutput[output]!, others)];

    private IEnumerable<SliceReport> Slice(Slicer slicer, Judge[] judges, ScoredRows scores, List<LabelledImpression> rows)
    {
        var values = rows.Select(row => slicer.ValueOf(row.Example)).ToArray();
        return values.CountBy(value => value)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(options.SliceValues)
            .Select(pair => new SliceReport(slicer.Name, pair.Key, pair.Value, [.. judges.Select((judge, output) =>
                judge.ReportSlice(scores.ByOutput[output]!, row => values[row] == pair.Key))]));
    }

    private DataIdentity Identify(List<LabelledImpression> rows, int unscored) => new(
        options.Test, rows.Count, unscored,
        rows.Count(row => row.Example.IsReconstructed),
        rows.Select(row => row.Example.User).Distinct().Count(),
        DateTimeOffset.FromUnixTimeMilliseconds(rows.Min(row => row.Example.EventTime)),
        DateTimeOffset.FromUnixTimeMilliseconds(rows.Max(row => row.Example.EventTime)));

    private static string Named(ImmutableArray<string> splits) =>
        splits.IsEmpty ? "every split" : $"split {string.Join(", ", splits.Select(split => $"'{split}'"))}";
}
