using Ranking.Core;

namespace Ranking.Inference;

/// <summary>Scores impressions one by one with the features that they carry. Not thread-safe.</summary>
public sealed class ExampleScorer
{
    private readonly FeatureEncoder encoder;
    private readonly EncodedBatch batch;
    private readonly ScoringSession session;
    private readonly int outputs;

    /// <param name="model">The model; it must outlive the scorer.</param>
    public ExampleScorer(ServingModel model)
    {
        encoder = model.CreateEncoder();
        batch = encoder.CreateBatch();
        session = model.CreateSession();
        outputs = model.Outputs.Length;
    }

    /// <summary>Writes the model's outputs for an impression.</summary>
    /// <param name="example">The impression.</param>
    /// <param name="scores">[outputs] in the order of the model's outputs.</param>
    public void Score(Example example, Span<float> scores)
    {
        encoder.Encode(batch, new ReadOnlySpan<Example>(in example));
        session.Score(batch);
        for (var output = 0; output < outputs; output++)
        {
            scores[output] = session.Output(output)[0];
        }
    }
}
