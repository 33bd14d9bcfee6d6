using System.Diagnostics;

namespace Ranking.Learning;

/// <summary>
/// Threads for the many short loops of a step. A helper looks for the next loop for half a millisecond before it sleeps:
/// to wake the thread pool's threads costs as much as many of the loops themselves. Not thread-safe: one loop at a time.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    private static readonly long patience = Stopwatch.Frequency / 2000;

    private readonly Thread[] helpers;
    private readonly object bell = new();
    private Loop current = Loop.None;
    private int asleep;
    private bool isOver;

    /// <param name="threads">How many threads run a loop, the caller's among them.</param>
    public ThreadTeam(int threads)
    {
        helpers = [.. Enumerable.Range(1, threads - 1).Select(number => new Thread(Help) { IsBackground = true, Name = $"learner {number}" })];
        Array.ForEach(helpers, helper => helper.Start());
    }

    /// <summary>Runs the body for 0 to count − 1, in any order, and returns when all have run.</summary>
    public void For(int count, Action<int> body)
    {
        if (helpers.Length == 0 || count == 1)
        {
            for (var i = 0; i < count; i++)
            {
                body(i);
            }

            return;
        }

        var loop = new Loop(count, body);
        Publish(loop);
        loop.Run();
        loop.Wait();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref isOver, true);
        Publish(new Loop(0, Loop.Nothing));
        Array.ForEach(helpers, helper => helper.Join());
    }

    // Exchange is a full fence: either a helper that goes to sleep sees the loop, or this sees the helper.
    private void Publish(Loop loop)
    {
        Interlocked.Exchange(ref current, loop);
        if (Volatile.Read(ref asleep) > 0)
        {
            lock (bell)
            {
                Monitor.PulseAll(bell);
            }
        }
    }

    private void Help()
    {
        var last = Loop.None;
        while (!Volatile.Read(ref isOver))
        {
            last = Next(last);
            last.Run();
        }
    }

    private Loop Next(Loop last)
    {
        var until = Stopwatch.GetTimestamp() + patience;
        while (Volatile.Read(ref current) == last)
        {
            if (Stopwatch.GetTimestamp() < until)
            {
                Thread.SpinWait(16);
                continue;
            }

            lock (bell)
            {
                Interlocked.Increment(ref asleep);
                while (Volatile.Read(ref current) == last)
                {
                    Monitor.Wait(bell);
                }

                Interlocked.Decrement(ref asleep);
            }
        }

        return Volatile.Read(ref current);
    }

    /// <summary>One loop; a helper that comes late finds nothing left of it.</summary>
    private sealed class Loop(int count, Action<int> body)
    {
        public static readonly Action<int> Nothing = _ => { };
        public static readonly Loop None = new(0, Nothing);

        private int next = -1;
        private int done;
        private Exception? failure;

        public void Run()
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                try
                {
                    body(i);
                }
                catch (Exception error)
                {
                    failure = error;
                }

                Interlocked.Increment(ref done);
            }
        }

        public void Wait()
        {
            var spin = default(SpinWait);
            while (Volatile.Read(ref done) < count)
            {
                // Never the millisecond of sleep of a plain SpinOnce.
                spin.SpinOnce(sleep1Threshold: -1);
            }

            if (failure is not null)
            {
                throw new AggregateException(failure);
            }
        }
    }
}
