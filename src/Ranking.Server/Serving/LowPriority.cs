using System.Runtime.InteropServices;

namespace Ranking.Server;

/// <summary>What a thread takes of a processor that others want too, where the system has that (Linux).</summary>
internal enum ThreadShare : byte
{
    /// <summary>
    /// 1 to 340 and, which matters more, not the rest of its time slice: who wakes up runs at once (SCHED_IDLE). Collections of
    /// the managed heap wait for a thread that other programs keep from running, so it is for processors of one's own.
    /// </summary>
    WhatIsLeft = 0,

    /// <summary>1 to 3 (nice 5).</summary>
    Little = 1,
}

/// <summary>Work on a thread of its own that gives way to requests: a version that is loaded beside the served one delays its answers less.</summary>
internal static partial class LowPriority
{
    private const int Own = 0;
    private const int PolicyOfIdle = 5;
    private const int OfThread = 0;
    private const int Nice = 5;

    /// <summary>Runs the work; what it throws is the task's.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, ThreadShare share)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Run) { IsBackground = true, Name = "low priority" }.Start();
        return done.Task;

        void Run()
        {
            if (OperatingSystem.IsLinux())
            {
                // What a thread has given up it cannot take back: it ends with the work. Not to be given it is no failure.
                var priority = 0;
                _ = share == ThreadShare.WhatIsLeft ? SetScheduler(Own, PolicyOfIdle, ref priority) : SetPriority(OfThread, Own, Nice);
            }

            try
            {
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, ref int priority);
}
