using System.Runtime;

namespace Ranking.Server;

/// <summary>
/// Runs code until the runtime compiles nothing more: with tiered compilation a method is compiled again, optimised, after
/// 30 calls and a pause of 100 ms, and a request that meets slow code or the compiler would wait for it.
/// </summary>
internal sealed class Compilation(ServerOptions options, TimeProvider time)
{
    // Longer than the runtime's pause before it compiles again.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns when nothing was compiled for a quarter of a second, or after <see cref="ServerOptions.WarmUpLimit"/>.</summary>
    public async Task UntilQuietAsync(Func<Task> run)
    {
        var start = time.GetTimestamp();
        var quietSince = start;
        var compiled = JitInfo.GetCompiledMethodCount();
        while (time.GetElapsedTime(quietSince) < Quiet && time.GetElapsedTime(start) < options.WarmUpLimit)
        {
            await run().ConfigureAwait(false);
            if (JitInfo.GetCompiledMethodCount() is var now && now != compiled)
            {
                (compiled, quietSince) = (now, time.GetTimestamp());
            }
        }
    }
}
