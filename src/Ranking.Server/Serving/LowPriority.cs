using System.Runtime.InteropServices;

namespace Ranking.Server;

/// <summary>
/// Work on a thread of its own that takes of the processors what requests leave, where the system has that (Linux): a version
/// that is loaded beside the served one delays its answers less.
/// </summary>
internal static partial class LowPriority
{
    /// <summary>1 to 70 of a core that is fought for.</summary>
    public const int Lowest = 19;

    /// <summary>1 to 3 of a core that is fought for: each step of the 20 is a factor of 1.25.</summary>
    public const int Low = 5;

    private const int OfThread = 0;
    private const int Own = 0;

    /// <summary>Runs the work; what it throws is the task's.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, int nice)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Run) { IsBackground = true, Name = "low priority" }.Start();
        return done.Task;

        void Run()
        {
            if (OperatingSystem.IsLinux())
            {
                // What a thread has given up it cannot take back: it ends with the work. Not to be given it is no failure.
                _ = SetPriority(OfThread, Own, nice);
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
}
