using System.Collections.Concurrent;

namespace Ranking.Server;

/// <summary>
/// Threads that do nothing but score, one a core: as many requests at once as there are cores, the others in the order in
/// which their features came. The pool's threads stay free for sockets. Costs a request two changes of thread.
/// </summary>
internal sealed class ScoringThreads : IDisposable
{
    private readonly BlockingCollection<Job> queue = [];
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

    /// <summary>Runs the work on one of the threads; what it throws is the task's.</summary>
    public Task RunAsync(Action work)
    {
        var job = new Job(work);
        queue.Add(job);
        return job.Task;
    }

    /// <summary>Ends the threads when what waits is done.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        Array.ForEach(threads, thread => thread.Join());
        queue.Dispose();
    }

    private void Work()
    {
        foreach (var job in queue.GetConsumingEnumerable())
        {
            job.Run();
        }
    }

    // What comes after it must not run on the thread that scores.
    private sealed class Job(Action work) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public void Run()
        {
            try
            {
                work();
                SetResult();
            }
            catch (Exception failure)
            {
                SetException(failure);
            }
        }
    }
}
