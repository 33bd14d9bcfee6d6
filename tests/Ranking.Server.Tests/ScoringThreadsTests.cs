namespace Ranking.Server.Tests;

public sealed class ScoringThreadsTests
{
    [Fact]
    public async Task RunAsync_MoreThanThreads_RunsSoManyAtOnceInTheirOrder()
    {
        using var threads = new ScoringThreads(1);
        using var gate = new ManualResetEventSlim();
        var order = new List<int>();
        var first = threads.RunAsync(gate.Wait);
        var others = Enumerable.Range(0, 20).Select(number => threads.RunAsync(() => order.Add(number))).ToArray();

        // The first may not have been taken yet.
        Assert.InRange(threads.Waiting, 20, 21);
        gate.Set();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(Enumerable.Range(0, 20), order);
        Assert.Equal(0, threads.Waiting);
    }

    [Fact]
    public async Task RunAsync_WorkThrows_IsTheTasksAndTheThreadGoesOn()
    {
        using var threads = new ScoringThreads(1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync(() => throw new InvalidOperationException()));

        var name = "";
        await threads.RunAsync(() => name = Thread.CurrentThread.Name!);
        Assert.Equal("scoring 0", name);
    }

    [Fact]
    public async Task RunAsync_WhatComesAfter_IsNotOnTheThreadThatScores()
    {
        using var threads = new ScoringThreads(1);
        var name = await threads.RunAsync(() => { }).ContinueWith(_ => Thread.CurrentThread.Name, TaskContinuationOptions.ExecuteSynchronously);

        Assert.NotEqual("scoring 0", name);
    }
}
