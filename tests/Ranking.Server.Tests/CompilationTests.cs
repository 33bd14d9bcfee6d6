using System.Reflection.Emit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ranking.Server.Tests;

public class CompilationTests
{
    [Fact]
    public async Task UntilQuietAsync_CodeThatIsStillCompiled_RunsOnUntilManyTurnsCompiledNothing()
    {
        const int Compiling = 40;
        var turns = 0;

        await Compilation(TimeSpan.FromMinutes(5)).UntilQuietAsync(async turn =>
        {
            Assert.Equal(turns++, turn);
            if (turn < Compiling)
            {
                // Slow code: time enough for quiet by the clock alone.
                await Task.Delay(turn % 10 == 0 ? 300 : 0, TestContext.Current.CancellationToken);
                Compile();
            }
        });

        Assert.True(turns >= Compiling + 32, $"{turns} turns");
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
