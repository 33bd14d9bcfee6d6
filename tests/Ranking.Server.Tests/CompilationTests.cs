using System.Reflection.Emit;
using System.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ranking.Server.Tests;

public class CompilationTests
{
    [Fact]
    public async Task UntilQuietAsync_CodeThatIsStillCompiled_RunsOnUntilManyTurnsCompiledNothing()
    {
        var (turns, compiled, lastCompiled) = (0, 0L, 0);

        await Compilation(TimeSpan.FromMinutes(5)).UntilQuietAsync(async turn =>
        {
            Assert.Equal(turns++, turn);
            if (JitInfo.GetCompiledMethodCount() is var now && now != compiled)
            {
                (compiled, lastCompiled) = (now, turn);
            }

            // So slow that a dozen turns take as long as quiet lasts.
            await Task.Delay(20, TestContext.Current.CancellationToken);
        });

        Assert.True(turns - lastCompiled >= 32, $"{turns} turns, the last that compiled was {lastCompiled}");
    }

    [Fact]
    public async Task UntilQuietAsync_NeverQuiet_ReturnsAfterTheLimit()
    {
        var turns = 0;

        await Compilation(TimeSpan.FromMilliseconds(50)).UntilQuietAsync(async _ =>
        {
            turns++;
            Compile();
            await Task.Delay(10, TestContext.Current.CancellationToken);
        });

        Assert.InRange(turns, 1, 5);
    }

    private static Compilation Compilation(TimeSpan limit) =>
        new(new ServerOptions { Models = ["main"], WarmUpLimit = limit }, TimeProvider.System, NullLogger<Compilation>.Instance);

    private static void Compile()
    {
        var method = new DynamicMethod("fresh", typeof(int), []);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        Assert.Equal(1, method.CreateDelegate<Func<int>>()());
    }
}
