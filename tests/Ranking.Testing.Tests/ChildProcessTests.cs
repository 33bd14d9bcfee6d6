using System.Diagnostics;

namespace Ranking.Testing.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public void Dispose_WhileTheProgramRuns_KillsIt()
    {
        var child = ChildProcess.Start("/dev/null", "sleep", "600");
        Assert.Equal("sleep", Process.GetProcessById(child.Id).ProcessName);

        child.Dispose();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(child.Id));
    }

    [Fact]
    public async Task Run_OfAFailingProgram_SaysWhatItSaid()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ChildProcess.Run("sh", "-c", "echo broken >&2; exit 7"));

        Assert.Contains("ended with 7: broken", error.Message, StringComparison.Ordinal);
    }
}
