using System.Diagnostics;

namespace Ranking.Testing.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public void Dispose_WhileTheProgramRuns_KillsIt()
    {
        var child = ChildProcess.Start("/dev/null", "sleep", "600");
        // The guard's shell turns into the program a moment after the start.
        Assert.True(SpinWait.SpinUntil(() => Process.GetProcessById(child.Id).ProcessName == "sleep", TimeSpan.FromSeconds(10)));

        child.Dispose();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(child.Id));
    }

    [Fact]
    public async Task Ended_AfterASignal_TellsHowTheProgramTookIt()
    {
        using var folder = new TemporaryFolder();
        var log = folder.Combine("log");
        using var child = ChildProcess.Start(log, "env", "--default-signal=INT", "sh", "-c", "trap 'exit 7' INT; echo ready; while :; do sleep 0.05; done");
        Assert.True(SpinWait.SpinUntil(() => new FileInfo(log) is { Exists: true, Length: > 0 }, TimeSpan.FromSeconds(10)));

        await child.Signal("INT");

        Assert.Equal(7, await child.Ended);
    }

    [Fact]
    public async Task Run_OfAFailingProgram_SaysWhatItSaid()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ChildProcess.Run("sh", "-c", "echo broken >&2; exit 7"));

        Assert.Contains("ended with 7: broken", error.Message, StringComparison.Ordinal);
    }
}
