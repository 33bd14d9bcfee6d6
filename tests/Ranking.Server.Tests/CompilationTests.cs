using System.Reflection.Emit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ranking.Server.Tests;

public class CompilationTests
{
    [Fact]
    public async Task UntilQuietAsync_CodeThatIsStillCompiled_RunsOnUntilManyTurnsCompiledNothing()
    {
        const int LastCompiled = 20;
        var turns = 0;

        await Compilation(TimeSpan.FromMinutes(5)).UntilQuietAsync(async turn =>
        {
            Assert.Equal(turns++, turn);
            if (turn is 0 or LastCompiled)
            {
                Compile();
            }
            else if (turn is 1 or LastCompiled + 1)
            {
                // Slow code, which alone takes as long as quiet lasts.
                await Task.Delay(300, TestContext.Current.CancellationToken);
            }
        });

        Assert.True(turns > LastCompiled + 32, $"{turns} turns");
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
