namespace Ranking.Server.Tests;

public sealed class ScoringThreadsTests
{
    [Fact]
    public async Task Run_MoreThanThreads_RunsSoManyAtOnceInTheirOrder()
    {
        using var threads = new ScoringThreads(1);
        using var gate = new ManualResetEventSlim();
        var (order, done) = (new List<int>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        threads.Run(gate.Wait);
        for (var number = 0; number < 20; number++)
        {
            var its = number;
            threads.Run(() => order.Add(its));
        }

        threads.Run(done.SetResult);

        // The first may not have been taken yet.
        Assert.InRange(threads.Waiting, 21, 22);
        gate.Set();
        await done.Task;

        Assert.Equal(Enumerable.Range(0, 20), order);
        Assert.Equal(0, threads.Waiting);
    }

    [Fact]
    public void Dispose_WithWorkThatWaits_DoesItOnAThreadOfItsOwnFirst()
    {
        var threads = new ScoringThreads(1);
        string? name = null;
        threads.Run(() => name = Thread.CurrentThread.Name);

        threads.Dispose();

        Assert.Equal("scoring 0", name);
    }
}
