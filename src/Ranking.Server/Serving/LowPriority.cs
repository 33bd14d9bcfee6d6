using System.Runtime.InteropServices;

namespace Ranking.Server;

/// <summary>
/// Work on a thread of its own that takes of the processors what requests leave, where the system has that (Linux): a version
/// that is loaded beside the served one delays its answers less. Against one thread that scores it still has the weight for
/// a quarter of a core: at the lowest priority it starves on a busy machine, and the model is never swapped.
/// </summary>
internal static partial class LowPriority
{
    private const int OfThread = 0;
    private const int Own = 0;

    /// <summary>
    /// For work of some milliseconds: 1 to 70 of a core that is fought for. Seconds of it would not end on a busy machine.
    /// </summary>
    public const int Lowest = 19;

    // Each step is a factor of 1.25 in the share of a core that is fought for: 1 to 3 here.
    private const int Low = 5;

    /// <summary>Runs the work; what it throws is the task's.</summary>
    public static Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Runs the work; what it throws is the task's.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, int nice = Low)
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
