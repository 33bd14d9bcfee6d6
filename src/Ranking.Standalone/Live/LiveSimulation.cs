using Ranking.Contracts.V1;
using Ranking.Core;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Standalone;

/// <summary>
/// Goes on where a history stopped, at the pace of the clock: asks the server to rank, shows users what it answered,
/// and writes what they do into the log.
/// </summary>
public sealed class LiveSimulation
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly SimulatedWorld world;
    private readonly IRankingClient client;
    private readonly IEventPublisher publisher;
    private readonly LiveOptions options;
    private readonly RequestSource requests;
    private readonly UserBehaviour behaviour;
    private readonly ArrivalQueue arrivals = new();
    private readonly LiveStatistics statistics = new();
    private readonly Dictionary<string, int> itemById;

    /// <param name="world">Whose users ask.</param>
    /// <param name="client">The server.</param>
    /// <param name="publisher">The log.</param>
    /// <param name="options">The clock, and when to wait.</param>
    public LiveSimulation(SimulatedWorld world, IRankingClient client, IEventPublisher publisher, LiveOptions options)
    {
        this.world = world;
        this.client = client;
        this.publisher = publisher;
        this.options = options;
        // Other draws than the history's.
        requests = new RequestSource(world, unchecked(world.Options.Seed + 3));
        behaviour = new UserBehaviour(world, unchecked(world.Options.Seed + 4));
        itemById = world.Items.Select((item, index) => (item.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
    }

    /// <summary>What has happened so far. From any thread.</summary>
    public LiveSnapshot Statistics => statistics.Snapshot();

    /// <summary>The request at a time, as the server is asked it.</summary>
    internal static RankRequest ToRank(SimulatedWorld world, SimulatedRequest request) => new()
    {
        UserId = world.Users[request.User].Id,
        ItemIds = { request.Candidates.Select(item => world.Items[item].Id) },
        Features = { TabColumn(request.Tab) },
        TopK = (uint)world.Options.Shown,
    };

    /// <summary>The feature that a request brings along.</summary>
    internal static FeatureColumn TabColumn(int tab) => new()
    {
        Name = SimulatedFeatures.Tab,
        Texts = new TextValues { Values = { SimulatedWorld.TabName(tab) } },
    };

    /// <summary>Runs until cancelled.</summary>
    /// <param name="onTheirWay">What the history left to be written (<see cref="SimulatedHistory.OnTheirWay"/>).</param>
    /// <param name="cancellation">Ends the run.</param>
    public async Task RunAsync(IReadOnlyList<Arrival> onTheirWay, CancellationToken cancellation)
    {
        foreach (var arrival in onTheirWay)
        {
            arrivals.Add(arrival.Topic, arrival.Event, arrival.Time);
        }

        using var timer = new PeriodicTimer(Tick, options.Clock);
        double due = Now();
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await PublishArrivedAsync(cancellation);
            if (statistics.Snapshot().Published - options.TakenIn() > options.MaxBacklog)
            {
                statistics.CountWait();
                due = Now();
                continue;
            }

            for (; due <= Now(); due += requests.NextGap(world.Options.RequestsPerSecond))
            {
                await AskAsync(cancellation);
            }
        }
    }

    private long Now() => options.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task AskAsync(CancellationToken cancellation)
    {
        var request = requests.Next(Now(), world.Options.Candidates);
        var started = options.Clock.GetTimestamp();
        if (await client.RankAsync(ToRank(world, request), cancellation) is not { } response)
        {
            statistics.CountUnanswered();
            return;
        }

        statistics.CountAnswer(response, options.Clock.GetElapsedTime(started));
        int[] shown = [.. response.ItemIds.Select(id => itemById[id])];
        // Users see the answer once it is there: nothing happens before its served record.
        behaviour.Act(request with { Time = Now() }, response.RequestId, shown, arrivals);
    }

    private async Task PublishArrivedAsync(CancellationToken cancellation)
    {
        var arrived = new List<Arrival>();
        while (arrivals.TryTake(Now(), out var arrival))
        {
            arrived.Add(arrival);
        }

        foreach (var topic in arrived.GroupBy(arrival => arrival.Topic))
        {
            await publisher.PublishAsync(topic.Key, [.. topic.Select(arrival => arrival.Event)], cancellation);
        }

        statistics.CountPublished(arrived.Count);
    }
}
