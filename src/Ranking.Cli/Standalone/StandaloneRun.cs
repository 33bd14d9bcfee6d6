using Ranking.Contracts.V1;
using Ranking.Events;
using Ranking.Standalone;
using Ranking.Streaming;

namespace Ranking.Cli;

/// <summary>
/// The whole loop in one process: a simulated history is trained on, a version passes the gate and is served, then users
/// go on at the pace of the clock and the model goes on learning from them.
/// </summary>
internal sealed class StandaloneRun(StandaloneParts parts, StandaloneOptions options, Action<string> say)
{
    private const int FirstProbe = 300;
    private const int LaterProbe = 60;
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(2);

    private readonly TimeProvider clock = TimeProvider.System;
    private readonly StandaloneTraining training = new(parts);
    private volatile string phase = "starting";
    private volatile LiveSimulation? live;
    private volatile FirstScore? firstScore;
    private volatile ProbeResult? probe;
    private volatile ModelStatus? model;
    private volatile string? refusal;

    /// <summary>What is to be seen now. From any thread.</summary>
    public StandaloneSnapshot Snapshot()
    {
        if (training.Status?.Latest is { IsAccepted: false } refused)
        {
            refusal = $"{refused.Version}: {string.Join("; ", refused.Reasons)}";
        }

        var served = model;
        var counts = training.Status?.Counts;
        return new StandaloneSnapshot
        {
            Elapsed = Elapsed,
            Phase = phase,
            Learned = training.Status?.Learned ?? 0,
            Records = counts is null
                ? default
                : (counts.Settled(Disposition.Joined), counts.Settled(Disposition.Duplicate), counts.Settled(Disposition.Orphan), counts.Settled(Disposition.DeadLetter)),
            Version = served?.Version ?? "",
            Freshness = served is null ? null : clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(served.TrainedThroughMs),
            Refusal = refusal,
            FirstScore = firstScore,
            Probe = probe,
            Live = live?.Statistics,
        };
    }

    private static TimeSpan Elapsed => DateTime.Now - System.Diagnostics.Process.GetCurrentProcess().StartTime;

    /// <summary>Runs until cancelled, or for as long as the options say.</summary>
    /// <exception cref="InvalidOperationException">Training or the simulator ended by itself.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await parts.LoadFeaturesAsync(cancellation);
        phase = "simulating the history";
        var onTheirWay = await Task.Run(() => parts.WriteHistory(clock.GetUtcNow().ToUnixTimeMilliseconds()), cancellation);
        say($"{parts.World.Options.HistoryImpressions} impressions of history after {StandaloneText.Seconds(Elapsed)}");

        phase = "training on the history";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var trainer = Task.Run(() => training.RunAsync(stop.Token), CancellationToken.None);
        var server = await parts.StartServerAsync();
        await using (server)
        {
            using var client = new GrpcRankingClient($"http://127.0.0.1:{server.GrpcPort}");
            try
            {
                await WaitForVersionAsync(() => server.IsReady, trainer, cancellation);
                await ScoreFirstAsync(client, cancellation);
                await LiveAsync(client, onTheirWay, trainer, stop.Token);
            }
            finally
            {
                phase = "stopping";
                await stop.CancelAsync();
                await trainer.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private async Task WaitForVersionAsync(Func<bool> isReady, Task trainer, CancellationToken cancellation)
    {
        while (!isReady())
        {
            if (Snapshot().Refusal is { } refused)
            {
                throw new InvalidOperationException($"the gate refused what was learned from the history, {refused}: give a longer one with --impressions, or another --seed.");
            }

            await Task.WhenAny(trainer, Task.Delay(ReadyPoll, cancellation));
            cancellation.ThrowIfCancellationRequested();
            await FailIfEnded(trainer, "training");
        }
    }

    private async Task ScoreFirstAsync(GrpcRankingClient client, CancellationToken cancellation)
    {
        var first = new ModelProbe(parts.World, client, clock);
        var response = await first.RankOnceAsync(cancellation) ?? throw new InvalidOperationException($"the server did not answer: {client.LastFault}");
        firstScore = new FirstScore(
            Elapsed, response.Version, response.ItemIds.Count, response.ItemIds[0],
            response.Tasks.ToDictionary(task => task.Task, task => (double)task.Values[0]), response.Flags);
        say($"first scored request {StandaloneText.Describe(firstScore)}");
        await RefreshModelAsync(client, cancellation);
        probe = await first.MeasureAsync(FirstProbe, cancellation);
        say(StandaloneText.Describe(probe));
    }

    private async Task LiveAsync(GrpcRankingClient client, IReadOnlyList<Arrival> onTheirWay, Task trainer, CancellationToken cancellation)
    {
        phase = "live";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var before = training.TakenIn;
        live = new LiveSimulation(parts.World, client, parts.Publisher, new LiveOptions { TakenIn = () => training.TakenIn - before });
        var heartbeats = new KafkaHeartbeats(parts.Publisher, SimulationJob.Partitions, clock);
        Task[] running =
        [
            trainer,
            heartbeats.RunAsync(stop.Token),
            Task.Run(() => live.RunAsync(onTheirWay, stop.Token), CancellationToken.None),
            Task.Run(() => ProbeAsync(client, stop.Token), CancellationToken.None),
        ];
        var end = Task.Delay(options.Live ?? Timeout.InfiniteTimeSpan, cancellation);
        var ended = await Task.WhenAny([end, .. running]);
        await stop.CancelAsync();
        await Task.WhenAll(running[1..]).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        cancellation.ThrowIfCancellationRequested();
        if (ended != end)
        {
            await FailIfEnded(ended, "a part");
        }
    }

    private async Task ProbeAsync(GrpcRankingClient client, CancellationToken cancellation)
    {
        var prober = new ModelProbe(parts.World, client, clock);
        using var timer = new PeriodicTimer(ProbeEvery, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await RefreshModelAsync(client, cancellation);
            probe = await prober.MeasureAsync(LaterProbe, cancellation);
        }
    }

    private async Task RefreshModelAsync(GrpcRankingClient client, CancellationToken cancellation) =>
        model = (await client.ListModelsAsync(cancellation))?.Models.FirstOrDefault() ?? model;

    private static async Task FailIfEnded(Task part, string name)
    {
        if (part.IsCompleted)
        {
            await part;
            throw new InvalidOperationException($"{name} ended before it was stopped.");
        }
    }
}
