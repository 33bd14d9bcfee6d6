using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace Ranking.Server.Tests;

public sealed class SwapPaceTests
{
    [Fact]
    public async Task RunAsync_UntilPatienceEnds_IsOfTheLowestPriorityAndThenOfALowOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "priorities of threads are Linux's");
        var time = new FakeTimeProvider();
        var pace = new SwapPace(TimeSpan.FromSeconds(30), time);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(LowPriority.Lowest, await pace.RunAsync(OwnNice));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(LowPriority.Low, await pace.RunAsync(OwnNice));
    }

    [Fact]
    public async Task RunAsync_WhatThrows_FailsTheTask()
    {
        var failure = await Assert.ThrowsAsync<InvalidDataException>(
            () => new SwapPace(TimeSpan.Zero, TimeProvider.System).RunAsync(() => throw new InvalidDataException("damaged")));
        Assert.Equal("damaged", failure.Message);
    }

    // proc(5): after the name in parentheses, nice is the 17th field.
    private static int OwnNice()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
