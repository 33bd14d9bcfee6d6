using System.Collections.Frozen;
using System.Collections.Immutable;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Server;

/// <summary>
/// One version in memory: immutable, used by requests through counted references, disposed when the last one ends.
/// </summary>
internal sealed class LoadedModel
{
    private readonly ServingModel model;
    private readonly ScorerPool scorers;
    private int references = 1;

    /// <param name="model">What scores.</param>
    /// <param name="before">What was loaded before it; where that has the same graph, its scorers and their buffers go on.</param>
    /// <param name="history">Its statistics and sequences.</param>
    public LoadedModel(ServingModel model, LoadedModel? before = null, ModelHistory? history = null)
    {
        this.model = model;
        History = history;
        IsWarm = before?.model.SharesGraphWith(model) ?? false;
        scorers = IsWarm ? before!.scorers.Share() : new ScorerPool();
        Outputs = IsWarm
            ? before!.Outputs
            : [.. model.Outputs.Index().Where(pair => pair.Item.Kind != OutputKind.Logit).Select(pair => new NamedOutput(pair.Item.Name, pair.Index))];
        Objectives = IsWarm
            ? before!.Objectives
            : Spec.Objectives.ToFrozenDictionary(objective => objective.Name, objective => new ObjectiveProgram(objective, Spec.Schema, Outputs));
    }

    /// <summary>What scores.</summary>
    public ServingModel Serving => model;

    /// <summary>Whether it runs what has run before.</summary>
    public bool IsWarm { get; }

    public ModelSpec Spec => model.Spec;

    public string Version => model.Version;

    /// <summary>Candidates whose item's half was kept, and those for which it was computed.</summary>
    public (long Hits, long Misses) ItemReads => model.ItemReads;

    /// <summary>The newest event time in its training data, Unix milliseconds.</summary>
    public long TrainedThrough => model.Manifest.Info.TrainedThrough;

    /// <summary>The probabilities, tasks and joints, in the graph's order.</summary>
    public ImmutableArray<NamedOutput> Outputs { get; }

    public FrozenDictionary<string, ObjectiveProgram> Objectives { get; }

    /// <summary>Its requests of few candidates that wait for a thread.</summary>
    public SmallRequests Small { get; } = new();

    /// <summary>Its statistics and sequences; null where it declares none.</summary>
    public ModelHistory? History { get; }

    /// <summary>False when the last reference is gone.</summary>
    public bool TryAddReference()
    {
        var seen = Volatile.Read(ref references);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref references, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref references) == 0)
        {
            scorers.Dispose();
            model.Dispose();
            History?.Dispose();
        }
    }

    /// <summary>Scores requests on the calling thread; what fails for one of them is noted on it.</summary>
    public void Score(List<ScoringWork> requests)
    {
        var scorer = RentScorer();
        try
        {
            scorer.Score(requests);
        }
        finally
        {
            ReturnScorer(scorer);
        }
    }

    /// <summary>A scorer for one request, to be returned.</summary>
    public Scorer RentScorer() => scorers.Rent(model, Outputs);

    public void ReturnScorer(Scorer scorer) => scorers.Return(scorer);
}

/// <summary>An output that responses carry.</summary>
/// <param name="Name">Its name: <c>ctr</c>, <c>cvr</c>, <c>ctcvr</c>.</param>
/// <param name="Index">Its place among all outputs of the graph.</param>
internal readonly record struct NamedOutput(string Name, int Index);
