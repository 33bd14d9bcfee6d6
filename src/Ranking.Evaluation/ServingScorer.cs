using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Evaluation;

/// <summary>
/// Scores with a published version, as the server does: the same encoder, graph and bits. For one thread; the model
/// must outlive it.
/// </summary>
public sealed class ServingScorer : IExampleScorer, IBatchScorer
{
    private readonly FeatureEncoder encoder;
    private readonly ScoringSession session;
    private readonly EncodedBatch batch;
    private readonly int[] indices;

    private ServingScorer(ServingModel model)
    {
        encoder = model.CreateEncoder();
        session = model.CreateSession();
        batch = encoder.CreateBatch();
        indices = [.. Enumerable.Range(0, model.Outputs.Length).Where(index => IsScalar(model.Outputs[index]))];
    }

    /// <summary>The version as what a run judges.</summary>
    public static EvaluatedModel Of(ServingModel model) => new()
    {
        Version = model.Version,
        Spec = model.Spec,
        Outputs = [.. model.Outputs.Where(IsScalar)],
        Transforms = model.Manifest.Transforms,
        Scorer = new ServingScorer(model),
        Rescorer = () => new ServingScorer(model),
    };

    /// <inheritdoc/>
    public bool TryScore(Example example, Span<float> outputs)
    {
        Score([example], outputs);
        return true;
    }

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<Example> examples, Span<float> outputs)
    {
        encoder.Encode(batch, examples);
        session.Score(batch);
        for (var i = 0; i < indices.Length; i++)
        {
            var values = session.Output(indices[i]);
            for (var row = 0; row < examples.Length; row++)
            {
                outputs[(row * indices.Length) + i] = values[row];
            }
        }
    }

    private static bool IsScalar(GraphOutput output) => output.Kind != OutputKind.Vector;
}
