using Ranking.Core;

namespace Ranking.Inference;

/// <summary>Scores impressions with the features that they carry. Not thread-safe.</summary>
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
    public void Score(Example example, Span<float> scores) => Score(new ReadOnlySpan<Example>(in example), scores);

    /// <summary>Writes the model's outputs for some impressions.</summary>
    /// <param name="examples">The impressions.</param>
    /// <param name="scores">[examples, outputs] in the order of the model's outputs.</param>
    public void Score(ReadOnlySpan<Example> examples, Span<float> scores)
    {
        encoder.Encode(batch, examples);
        session.Score(batch);
        for (var output = 0; output < outputs; output++)
        {
            var values = session.Output(output);
            for (var row = 0; row < examples.Length; row++)
            {
                scores[(row * outputs) + output] = values[row];
            }
        }
    }
}
