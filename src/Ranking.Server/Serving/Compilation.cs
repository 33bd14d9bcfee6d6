using System.Runtime;
using Microsoft.Extensions.Logging;

namespace Ranking.Server;

/// <summary>
/// Runs code until the runtime compiles nothing more: a request that meets the compiler would wait for it. In a program with
/// quick first code, as <c>standalone</c> is, a method is compiled again, optimised, after 30 calls.
/// </summary>
internal sealed class Compilation(ServerOptions options, TimeProvider time, ILogger<Compilation> log)
{
    // More than the runtime counts. Time alone says nothing: code not optimised yet may need it all for a call or two.
    private const int QuietTurns = 32;

    // Longer than the runtime's pause before it counts, 100 ms. On one core that is a second: there Ranking.Server, whose code
    // is all optimised, does not wait for what is compiled again better than ahead.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Returns when nothing was compiled for 32 turns and a quarter of a second, or after <see cref="ServerOptions.WarmUpLimit"/>.
    /// </summary>
    /// <param name="run">Runs the code; it is given the turn, from 0.</param>
    public async Task UntilQuietAsync(Func<int, Task> run)
    {
        var (start, compiledBefore) = (time.GetTimestamp(), JitInfo.GetCompiledMethodCount());
        var (compiled, quietSince, turn, quietTurns) = (compiledBefore, start, 0, 0);
        while ((quietTurns < QuietTurns || time.GetElapsedTime(quietSince) < Quiet) && time.GetElapsedTime(start) < options.WarmUpLimit)
        {
            await run(turn++).ConfigureAwait(false);
            quietTurns++;
            if (JitInfo.GetCompiledMethodCount() is var now && now != compiled)
            {
                (compiled, quietSince, quietTurns) = (now, time.GetTimestamp(), 0);
            }
        }

        log.LogInformation(
            "Warmed up in {Seconds:0.00} s and {Turns} turns: {Methods} methods compiled, none in the last {QuietTurns} turns",
            time.GetElapsedTime(start).TotalSeconds, turn, compiled - compiledBefore, quietTurns);
    }
}
