using Microsoft.Extensions.Time.Testing;

namespace Ranking.Server.Tests;

public sealed class SwapPaceTests
{
    // proc(5): after the name in parentheses, nice and policy are the 17th and 39th field.
    private const int Nice = 16;
    private const int Policy = 38;

    [Fact]
    public async Task RunAsync_UntilPatienceEnds_TakesWhatIsLeftAndThenALittle()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "shares of threads are Linux's");
        var time = new FakeTimeProvider();
        var pace = new SwapPace(TimeSpan.FromSeconds(30), share: 0.25, time);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(("0", "5"), await pace.RunAsync(Own));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(("5", "0"), await pace.RunAsync(Own));
    }

    [Fact]
    public async Task RunAndRestAsync_OncePatienceEnded_RestsForTheRestOfItsShare()
    {
        var time = new FakeTimeProvider();
        var pace = new SwapPace(TimeSpan.FromSeconds(30), share: 0.25, time);
        await pace.RunAndRestAsync(() => time.Advance(TimeSpan.FromSeconds(10)), TestContext.Current.CancellationToken);

        var ran = new TaskCompletionSource();
        var resting = pace.RunAndRestAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(20));
                ran.SetResult();
            },
            TestContext.Current.CancellationToken);
        await ran.Task;

        // The rest begins a moment after the piece's end.
        var rested = TimeSpan.Zero;
        for (; !resting.IsCompleted; rested += TimeSpan.FromSeconds(1))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.InRange(rested.TotalSeconds, 59, 200);
    }

    [Fact]
    public async Task RunAsync_WhatThrows_FailsTheTask()
    {
        var failure = await Assert.ThrowsAsync<InvalidDataException>(
            () => new SwapPace(TimeSpan.Zero, share: 0.25, TimeProvider.System).RunAsync(() => throw new InvalidDataException("damaged")));
        Assert.Equal("damaged", failure.Message);
    }

    private static (string Nice, string Policy) Own()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[Nice], fields[Policy]);
    }
}
