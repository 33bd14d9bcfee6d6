using System.Collections.Concurrent;

namespace Ranking.Server;

/// <summary>
/// Threads that do nothing but score, one a core: as many requests at once as there are cores, the others in the order in
/// which their features came. The pool's threads stay free for sockets. Costs a request two changes of thread.
/// </summary>
internal sealed class ScoringThreads : IDisposable
{
    private readonly BlockingCollection<Action> queue = [];
    private readonly Thread[] threads;

    public ScoringThreads()
        : this(Environment.ProcessorCount)
    {
    }

    public ScoringThreads(int count)
    {
        threads = [.. Enumerable.Range(0, count).Select(number => new Thread(Work) { IsBackground = true, Name = $"scoring {number}" })];
        Array.ForEach(threads, thread => thread.Start());
    }

    /// <summary>How many requests wait for a thread.</summary>
    public int Waiting => queue.Count;

    /// <summary>Has one of the threads run the work, which throws nothing.</summary>
    public void Run(Action work) => queue.Add(work);

    /// <summary>Ends the threads when what waits is done.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        Array.ForEach(threads, thread => thread.Join());
        queue.Dispose();
    }

    private void Work()
    {
        foreach (var work in queue.GetConsumingEnumerable())
        {
            work();
        }
    }
}
