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
        var pace = new SwapPace(TimeSpan.FromSeconds(30), time);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(("0", "5"), await pace.RunAsync(Own));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(("5", "0"), await pace.RunAsync(Own));
    }

    [Fact]
    public async Task RunAsync_WhatThrows_FailsTheTask()
    {
        var failure = await Assert.ThrowsAsync<InvalidDataException>(
            () => new SwapPace(TimeSpan.Zero, TimeProvider.System).RunAsync(() => throw new InvalidDataException("damaged")));
        Assert.Equal("damaged", failure.Message);
    }

    private static (string Nice, string Policy) Own()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[Nice], fields[Policy]);
    }
}
