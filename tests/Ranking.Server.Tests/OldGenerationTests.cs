using System.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ranking.Server.Tests;

// Alone: others would make the same heap grow.
[CollectionDefinition(nameof(OldGenerationTests), DisableParallelization = true)]
[Collection(nameof(OldGenerationTests))]
public sealed class OldGenerationTests
{
    private const long MostGrowth = 64 << 20;

    [Fact]
    public async Task ExecuteAsync_HeapThatGrows_IsCollectedOnlyOnceItHasGrownByMuch()
    {
        var (isWarm, usual) = (false, GCSettings.LatencyMode);
        using var generation = new OldGeneration(() => isWarm, MostGrowth, TimeProvider.System, NullLogger<OldGeneration>.Instance);
        await generation.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(usual, GCSettings.LatencyMode);
        isWarm = true;
        await UntilAsync(GCLatencyMode.LowLatency);
        var collections = GC.CollectionCount(2);

        // Half of it: several times what the collector, left to itself, would take for a reason.
        var held = Enumerable.Range(0, 1_024).Select(_ => new byte[32 << 10]).ToList();
        GC.Collect(1);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Equal(collections, GC.CollectionCount(2));
        held.AddRange(Enumerable.Range(0, 1_536).Select(_ => new byte[32 << 10]));
        GC.Collect(1);

        await TestServer.UntilAsync(() => Task.FromResult(GC.CollectionCount(2) > collections));
        await UntilAsync(GCLatencyMode.LowLatency);
        await generation.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(usual, GCSettings.LatencyMode);
        GC.KeepAlive(held);
    }

    private static Task UntilAsync(GCLatencyMode mode) => TestServer.UntilAsync(() => Task.FromResult(GCSettings.LatencyMode == mode));
}
