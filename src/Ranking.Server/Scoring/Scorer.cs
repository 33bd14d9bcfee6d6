using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Inference;

namespace Ranking.Server;

/// <summary>Encoder, buffers and session of one request at a time.</summary>
internal sealed class Scorer
{
    private readonly FeatureEncoder encoder;
    private readonly EncodedBatch batch;
    private readonly ScoringSession session;
    private readonly ImmutableArray<NamedOutput> outputs;

    public Scorer(ServingModel model, ImmutableArray<NamedOutput> outputs)
    {
        this.outputs = outputs;
        encoder = model.CreateEncoder();
        batch = encoder.CreateBatch();
        session = model.CreateSession();
    }

    /// <summary>Scores the candidates of one block into their places of the result.</summary>
    public void Score(ServedFeatures features, Range block, ScoringResult result)
    {
        var (offset, count) = block.GetOffsetAndLength(features.Items.Length);
        encoder.Encode(
            batch, features.Time, features.User, features.Context,
            features.Items.AsSpan(offset, count), features.Pairs.Length == 0 ? default : features.Pairs.AsSpan(offset, count));
        session.Score(batch);
        for (var i = 0; i < outputs.Length; i++)
        {
            session.Output(outputs[i].Index).CopyTo(result.Outputs[i].AsSpan(offset, count));
        }

        for (var i = 0; i < count; i++)
        {
            result.ItemFlags[offset + i] |= session.UnknownItems[i] ? ItemFlags.UnknownId : ItemFlags.None;
        }
    }
}
