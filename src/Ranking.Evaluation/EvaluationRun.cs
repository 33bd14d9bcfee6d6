using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>
/// Judges a model on labelled impressions. Every figure is a function of the impressions, the model and the options.
/// </summary>
public sealed class EvaluationRun
{
    private const long MostDrawn = 400_000_000;
    private readonly EvaluationOptions options;
    private readonly EvaluatedModel model;
    private readonly EvaluatedModel? against;
    private readonly IProgress<EvaluationProgress>? progress;
    private readonly ImmutableArray<JudgedOutput> outputs;
    private readonly ImmutableArray<Slicer> slicers;
    private readonly ImmutableArray<FeatureGroup> groups;

    /// <param name="model">The model.</param>
    /// <param name="options">What to judge, and beside what.</param>
    /// <param name="progress">Told how far the run is; null for nobody.</param>
    /// <param name="against">Another version to compare the model with; null for none.</param>
    /// <exception cref="EvaluationException">The options have faults, by themselves or for this model: all of them, one a line.</exception>
    public EvaluationRun(
        EvaluatedModel model, EvaluationOptions options, IProgress<EvaluationProgress>? progress = null, EvaluatedModel? against = null)
    {
        if (options.Validate().ToList() is { Count: > 0 } faults)
        {
            throw new EvaluationException(string.Join('\n', faults));
        }

        this.model = model;
        this.against = against;
        this.options = options;
        this.progress = progress;
        outputs = JudgedOutput.Of(model.Outputs, model.Spec.Tasks);
        slicers = [.. (options.SliceBy.IsEmpty ? Slicer.Defaults : [.. options.SliceBy]).Select(name => Slicer.Create(model.Spec.Schema, name))];
        groups = new FeatureGrouping(model.Spec, options.ImportanceGroups).Groups();
    }

    /// <summary>Scores and judges the impressions, and trains the baselines on theirs.</summary>
    /// <param name="set">All impressions, of every split.</param>
    /// <param name="truth">True probabilities, where they are known.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="EvaluationException">No impression of the test splits has a score.</exception>
    public EvaluationReport Run(EvaluationSet set, TrueProbabilities? truth = null, CancellationToken cancellation = default)
    {
        var asked = set.Rows.Where(row => options.Test.IsEmpty || options.Test.Contains(row.Example.Split)).ToList();
        var (rows, scored) = new RowScoring(outputs, progress).Score(Named(), asked, cancellation);
        if (rows.Count == 0)
        {
            throw new EvaluationException(
                $"none of {asked.Count} impressions of {Words.Quoted(options.Test)} has a score ({set.Count} impressions in all, of "
                + $"{Words.Quoted([.. set.Rows.Select(row => row.Example.Split).Distinct()])}): give a log that holds that split, and for a "
                + "progressive evaluation one that a model was trained on.");
        }

        var resamples = (int)Math.Clamp(MostDrawn / rows.Count, 100, options.Resamples);
        ImmutableArray<ScoredRows> models = [.. scored, .. new BaselineTrainer(model, outputs, options, progress).Train(set.Rows, rows, cancellation)];
        var (judges, objectives) = Judges(rows);
        var reports = JudgeAll(judges, objectives, models, rows, truth, resamples, cancellation);
        var slices = Slice(set, rows, models[0], resamples, cancellation);
        var importance = new PermutationImportance(model, groups, outputs, options, progress).Measure(rows, models[0], cancellation);
        return new EvaluationReport
        {
            Model = new ModelIdentity(
                model.Spec.Name, model.Version, model.IsProgressive, Words.Architecture(model.Spec.Architecture, model.Spec.Trees), $"{model.Spec.Schema.Fingerprint:x16}"),
            Data = Identify(rows, asked.Count - rows.Count),
            Sampling = new SamplingReport(resamples, importance?.Impressions ?? 0),
            Comparison = against is null ? null
                : new VersionComparison(judges, objectives, options, resamples).Compare(models[0], models[1], against.Version),
            Models = reports,
            Differences = Differences(judges, models),
            Slices = slices,
            Importance = importance,
        };
    }

    private List<(string, EvaluatedModel)> Named() =>
        against is null ? [(model.Spec.Name, model)] : [(model.Spec.Name, model), ($"version {against.Version}", against)];

    private (Judge[] Outputs, ObjectiveJudge[] Objectives) Judges(List<LabelledImpression> rows) => (
        [.. outputs.Select(output => new Judge(output, model.Spec.Tasks, rows, options))],
        [.. model.Spec.Objectives.Select(objective => new ObjectiveJudge(
            new ObjectiveFormula(objective, model.Spec.Schema, outputs), outputs, model.Spec.Tasks, rows, options))]);

    private ImmutableArray<ModelReport> JudgeAll(
        Judge[] judges, ObjectiveJudge[] objectives, ImmutableArray<ScoredRows> models, List<LabelledImpression> rows,
        TrueProbabilities? truth, int resamples, CancellationToken cancellation)
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
            reports.Add(new ModelReport(
                scored.Name,
                [.. judges.Zip(scored.ByOutput).Where(pair => pair.Second is not null).Select(pair => pair.First.Report(pair.Second!, known, resamples))],
                [.. objectives.Select(objective => objective.Report(scored, resamples)).OfType<ObjectiveReport>()]));
            progress?.Report(new EvaluationProgress("judge", reports.Count, models.Length));
        }

        return reports.ToImmutable();
    }

    private ImmutableArray<DifferenceReport> Differences(Judge[] judges, ImmutableArray<ScoredRows> models) =>
        [.. from output in Enumerable.Range(0, outputs.Length)
            from other in models.Skip(1)
            let others = other.ByOutput[output]
            where others is not null
            select judges[output].Compare(other.Name, models[0].ByOutput[output]!, others)];

    private ImmutableArray<SliceReport> Slice(
        EvaluationSet set, List<LabelledImpression> rows, ScoredRows scores, int resamples, CancellationToken cancellation)
    {
        var train = set.Rows.Where(row => options.Train.Contains(row.Example.Split)).ToList();
        var slices = ImmutableArray.CreateBuilder<SliceReport>();
        foreach (var (by, value, places) in new SliceRun(slicers, options).Cut(train, rows))
        {
            cancellation.ThrowIfCancellationRequested();
            var (judges, objectives) = Judges([.. places.Select(place => rows[place])]);
            var own = scores.At(places);
            slices.Add(new SliceReport(
                by.Name, value, places.Length,
                [.. judges.Zip(own.ByOutput, (judge, probabilities) => judge.ReportSlice(probabilities!, resamples))],
                [.. objectives.Select(objective => objective.Report(own, resamples)).OfType<ObjectiveReport>()]));
            progress?.Report(new EvaluationProgress($"slice by {by.Name}", 0, 0));
        }

        return slices.ToImmutable();
    }

    private DataIdentity Identify(List<LabelledImpression> rows, int unscored) => new(
        options.Test, rows.Count, unscored,
        rows.Count(row => row.Example.IsReconstructed),
        rows.Select(row => row.Example.User).Distinct().Count(),
        DateTimeOffset.FromUnixTimeMilliseconds(rows.Min(row => row.Example.EventTime)),
        DateTimeOffset.FromUnixTimeMilliseconds(rows.Max(row => row.Example.EventTime)));
}
