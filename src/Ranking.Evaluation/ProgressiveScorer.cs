using Ranking.Core;
using Ranking.Files;

namespace Ranking.Evaluation;

/// <summary>
/// Takes what the model predicted at each impression's own place in the order, before its labels were learned from:
/// progressive validation (Blum et al., COLT 1999). Impressions that were not predicted have no score.
/// </summary>
public sealed class ProgressiveScorer : IExampleScorer
{
    private readonly PredictionFile predictions;

    private ProgressiveScorer(PredictionFile predictions) => this.predictions = predictions;

    /// <summary>The predictions as what a run judges.</summary>
    /// <param name="model">A version of the model, for what is common to all of them.</param>
    /// <param name="predictions">What was predicted.</param>
    /// <exception cref="EvaluationException">They are another model's.</exception>
    public static EvaluatedModel Of(EvaluatedModel model, PredictionFile predictions)
    {
        var names = model.Outputs.Select(output => output.Name).ToArray();
        return predictions.Model == model.Spec.Name && predictions.Outputs.ToHashSet().SetEquals(names)
            ? model with
            {
                Version = null,
                IsProgressive = true,
                Outputs = [.. predictions.Outputs.Select(name => model.Outputs.Single(output => output.Name == name))],
                Scorer = new ProgressiveScorer(predictions),
                Rescorer = null,
            }
            : throw new EvaluationException(
                $"progressive names predictions of '{predictions.Model}' ({string.Join(", ", predictions.Outputs)}), and the job's model is "
                + $"'{model.Spec.Name}' ({string.Join(", ", names)}): give the file that training of this job wrote.");
    }

    /// <inheritdoc/>
    public bool TryScore(Example example, Span<float> outputs) => predictions.TryGet(example.Impression, outputs);
}
