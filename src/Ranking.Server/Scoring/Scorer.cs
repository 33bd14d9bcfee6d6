using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Inference;

namespace Ranking.Server;

/// <summary>Overlay, encoder, buffers and session of one request at a time.</summary>
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
        Overlay = new RecordOverlay(model.Spec.Schema);
    }

    /// <summary>Makes the records that are scored.</summary>
    public RecordOverlay Overlay { get; }

    /// <summary>Computes what is kept of the candidates' items.</summary>
    public void KeepItems(ServedFeatures features)
    {
        encoder.Encode(batch, features.Time, features.User, features.Context, features.Items, features.Pairs);
        session.KeepItems(batch);
    }

    /// <summary>Scores the candidates in their order, until it is over, into their places of the result.</summary>
    public void Score(ServedFeatures features, Func<bool> isOver, ScoringResult result)
    {
        encoder.Encode(batch, features.Time, features.User, features.Context, features.Items, features.Pairs);
        result.Scored = session.Score(batch, isOver);
        for (var i = 0; i < outputs.Length; i++)
        {
            session.Output(outputs[i].Index)[..result.Scored].CopyTo(result.Outputs[i]);
            result.Outputs[i].AsSpan(result.Scored).Fill(float.NaN);
        }

        for (var i = 0; i < result.Scored; i++)
        {
            result.ItemFlags[i] |= session.UnknownItems[i] ? ItemFlags.UnknownId : ItemFlags.None;
        }
    }
}
