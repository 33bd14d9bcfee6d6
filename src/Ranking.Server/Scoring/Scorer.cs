using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Inference;

namespace Ranking.Server;

/// <summary>Overlay, encoder, buffers and session of one request, or of some that are scored together, at a time.</summary>
internal sealed class Scorer : IDisposable
{
    // Some 50,000 items of eight ids.
    private const long MemoBytes = 4 << 20;

    private readonly RowMemo known = new(MemoBytes);
    private readonly FeatureEncoder encoder;
    private readonly EncodedBatch batch;
    private readonly ScoringSession session;
    private readonly ImmutableArray<NamedOutput> outputs;

    public Scorer(ServingModel model, ImmutableArray<NamedOutput> outputs)
    {
        this.outputs = outputs;
        encoder = model.CreateEncoder(known);
        batch = encoder.CreateBatch();
        session = model.CreateSession();
        Overlay = new RecordOverlay(model.Spec.Schema);
    }

    /// <summary>Makes the records that are scored.</summary>
    public RecordOverlay Overlay { get; }

    /// <summary>Scores by another version of the same graph from here on.</summary>
    public void Follow(ServingModel model) => session.Follow(model);

    /// <summary>Computes what is kept of the candidates' items.</summary>
    public void KeepItems(ServedFeatures features)
    {
        encoder.Encode(batch, features.Time, features.User, features.Context, features.Items, features.Pairs);
        session.KeepItems(batch);
    }

    /// <summary>Scores one request, or small ones: together, where they are enough for that to be faster.</summary>
    public void Score(List<ScoringWork> requests)
    {
        if (requests.Count > SmallRequests.TooFew)
        {
            ScoreTogether([.. requests.Where(work => work.Try(Prepare))]);
            return;
        }

        foreach (var work in requests)
        {
            work.Try(ScoreAlone);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        known.Dispose();
    }

    private void Prepare(ScoringWork work) => work.Prepare(Overlay);

    private void ScoreAlone(ScoringWork work)
    {
        work.Prepare(Overlay);
        var features = work.Features!;
        encoder.Encode(batch, features.Time, features.User, features.Context, features.Items, features.Pairs);
        work.Result.Scored = session.Score(batch, work.IsOver);
        Fill(work.Result, first: 0);
        work.Finish();
    }

    // A block at most: not asked meanwhile whether their time is over.
    private void ScoreTogether(ScoringWork[] requests)
    {
        batch.Clear();
        foreach (var features in requests.Select(work => work.Features!))
        {
            encoder.Add(batch, features.Time, features.User, features.Context, features.Items, features.Pairs);
        }

        session.Score(batch);
        var first = 0;
        foreach (var work in requests)
        {
            work.Result.Scored = work.Candidates;
            Fill(work.Result, first);
            work.Try(one => one.Finish());
            first += work.Candidates;
        }
    }

    private void Fill(ScoringResult result, int first)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            session.Output(outputs[i].Index).Slice(first, result.Scored).CopyTo(result.Outputs[i]);
            result.Outputs[i].AsSpan(result.Scored).Fill(float.NaN);
        }

        for (var i = 0; i < result.Scored; i++)
        {
            result.ItemFlags[i] |= session.UnknownItems[first + i] ? ItemFlags.UnknownId : ItemFlags.None;
        }
    }
}
