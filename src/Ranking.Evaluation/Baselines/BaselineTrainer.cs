using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Ranking.Evaluation;

/// <summary>Trains the baselines on the train splits, each task on the rows that it is defined for, and scores the judged rows.</summary>
internal sealed class BaselineTrainer(
    EvaluatedModel model, ImmutableArray<JudgedOutput> outputs, EvaluationOptions options, IProgress<EvaluationProgress>? progress)
{
    /// <summary>The baselines' probabilities.</summary>
    /// <param name="all">All impressions.</param>
    /// <param name="judged">Those that are judged.</param>
    /// <param name="cancellation">Ends the training between two tasks.</param>
    public ImmutableArray<ScoredRows> Train(
        IReadOnlyList<LabelledImpression> all, IReadOnlyList<LabelledImpression> judged, CancellationToken cancellation)
    {
        if (options.Baselines.IsEmpty)
        {
            return [];
        }

        var train = all.Where(row => options.Train.Contains(row.Example.Split)).ToList();
        if (train.Count == 0)
        {
            throw new EvaluationException(
                $"no impression is of the train splits {string.Join(", ", options.Train.Select(split => $"'{split}'"))}: baselines have nothing to learn from; name a split of the log.");
        }

        var features = BaselineFeatures.Encode(model, [.. train.Concat(judged).Select(row => row.Example)], train.Count);
        return [.. options.Baselines.Select(kind => Train(kind, features, train, judged, cancellation))];
    }

    private ScoredRows Train(
        BaselineKind kind, BaselineFeatures features, List<LabelledImpression> train, IReadOnlyList<LabelledImpression> judged,
        CancellationToken cancellation)
    {
        var tasks = model.Spec.Tasks;
        var name = BaselineEstimators.NameOf(kind);
        var byTask = new float[]?[tasks.Count];
        for (var task = 0; task < tasks.Count; task++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new EvaluationProgress($"train {name}", task, tasks.Count));
            byTask[task] = Predict(kind, outputs.Single(output => output.Task == task && !output.IsJoint), features, train, judged.Count);
        }

        progress?.Report(new EvaluationProgress($"train {name}", tasks.Count, tasks.Count));
        return new ScoredRows(name, [.. outputs.Select(output => output.IsJoint ? Joint(byTask, output.Task) : byTask[output.Task])]);
    }

    // Null where the training rows are of one class: there is nothing to separate.
    private float[]? Predict(BaselineKind kind, JudgedOutput output, BaselineFeatures features, List<LabelledImpression> train, int judged)
    {
        var tasks = model.Spec.Tasks;
        ImmutableArray<int> rows = [.. Enumerable.Range(0, train.Count).Where(row => output.Counts(tasks, train[row]))];
        if (rows.Select(row => output.IsPositive(tasks, train[row])).Distinct().Count() < 2)
        {
            return null;
        }

        var context = new MLContext((int)(options.Seed % int.MaxValue));
        var fitted = BaselineEstimators.Create(kind, context, features)
            .Fit(new BaselineView(features, rows, row => output.IsPositive(tasks, train[row])));
        var judgedView = new BaselineView(features, [.. Enumerable.Range(train.Count, judged)], _ => false);
        return [.. fitted.Transform(judgedView).GetColumn<float>("Probability")];
    }

    private float[]? Joint(float[]?[] byTask, int task)
    {
        var parent = model.Spec.Tasks.ParentOf(task);
        if (parent < 0)
        {
            return byTask[task];
        }

        return (byTask[task], Joint(byTask, parent)) is ({ } own, { } parents) ? [.. own.Zip(parents, (a, b) => a * b)] : null;
    }
}
