using Ranking.Testing;

namespace Ranking.Cli.Tests;

/// <summary>The command as a process of its own: for signals and what follows from them.</summary>
internal sealed class RankingProcess : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly ChildProcess process;

    private RankingProcess(string[] args) => process = ChildProcess.Start(
        folder.Combine("output"), "sh",
        ["-c", "exec env --default-signal=INT,TERM \"$@\" 2> \"$0\"", folder.Combine("error"), Path.Combine(AppContext.BaseDirectory, "ranking"), .. args]);

    /// <summary>What it has written to its standard output.</summary>
    public string Output => Read("output");

    /// <summary>What it has written to its standard error.</summary>
    public string Error => Read("error");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a command line.</summary>
    public static RankingProcess Start(params string[] args) => new(args);

    /// <summary>Waits for something that it does while it runs.</summary>
    public async Task UntilAsync(Func<bool> seen)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !seen();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"it has not come to it: {Output}{Error}");
            Assert.False(process.Ended.IsCompleted, $"it ended by itself: {Output}{Error}");
            await Task.Delay(Poll, Token);
        }
    }

    /// <summary>Sends a signal: INT, TERM.</summary>
    public Task Signal(string name) => process.Signal(name);

    /// <summary>Waits for its end, which must have this code.</summary>
    public async Task EndsWithAsync(int code)
    {
        var ended = await process.Ended.WaitAsync(Patience, Token);
        Assert.True(ended == code, $"it ended with {ended} instead of {code}: {Output}{Error}");
    }

    /// <summary>Kills it where it still runs.</summary>
    public void Dispose()
    {
        process.Dispose();
        folder.Dispose();
    }

    // The shell makes the file a moment after the start.
    private string Read(string name) => File.Exists(folder.Combine(name)) ? File.ReadAllText(folder.Combine(name)) : "";
}
