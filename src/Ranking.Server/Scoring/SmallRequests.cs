using System.Collections.Concurrent;
using Ranking.Inference;

namespace Ranking.Server;

/// <summary>
/// Requests of few candidates that wait for a scoring thread: it takes as many of them as make up a block, which it scores
/// together. A candidate of theirs then costs its user's part, too, but the kernels have full rows to work on; <c>bench
/// batching</c> says from how many on that is faster.
/// </summary>
internal sealed class SmallRequests
{
    /// <summary>Candidates of a small request at most.</summary>
    public const int MostCandidates = 10;

    /// <summary>So few are scored one after another.</summary>
    public const int TooFew = 3;

    private readonly ConcurrentQueue<ScoringWork> waiting = [];

    public void Add(ScoringWork work) => waiting.Enqueue(work);

    /// <summary>Those that have waited longest, as many as a block holds; none where others have taken all.</summary>
    public List<ScoringWork> Take()
    {
        var (taken, rows) = (new List<ScoringWork>(), 0);
        while (rows + MostCandidates <= ScoringSession.BlockRows && waiting.TryDequeue(out var work))
        {
            taken.Add(work);
            rows += work.Candidates;
        }

        return taken;
    }
}
