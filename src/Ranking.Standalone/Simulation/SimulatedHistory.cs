using Ranking.Core;

namespace Ranking.Standalone;

/// <summary>
/// A simulated log at rest: the product ranked at random, users acted, and the log kept every record in the order in
/// which it arrived. It has no end record: what was on its way when it stopped is <see cref="OnTheirWay"/>, and topics
/// go on from there.
/// </summary>
public sealed class SimulatedHistory
{
    // Requests of a history are named apart from those that a server names.
    private const string RequestPrefix = "h";

    private readonly SimulatedWorld world;
    private readonly SimulatedFeatures features;
    private readonly int partitions;
    private readonly long end;
    private readonly ArrivalQueue arrivals = new();
    private readonly RequestSource requests;
    private readonly UserBehaviour behaviour;
    private readonly Dictionary<LogPartition, long> offsets = [];

    /// <param name="world">Whose history.</param>
    /// <param name="features">Its features, which served records carry.</param>
    /// <param name="partitions">Of each topic.</param>
    /// <param name="end">When it stops, Unix milliseconds.</param>
    public SimulatedHistory(SimulatedWorld world, SimulatedFeatures features, int partitions, long end)
    {
        this.world = world;
        this.features = features;
        this.partitions = partitions;
        this.end = end;
        requests = new RequestSource(world, unchecked(world.Options.Seed + 1));
        behaviour = new UserBehaviour(world, unchecked(world.Options.Seed + 2));
    }

    /// <summary>Records sent before the end that the log gets after it; known once <see cref="Read"/> has been read through.</summary>
    public IReadOnlyList<Arrival> OnTheirWay { get; private set; } = [];

    /// <summary>How many requests it has.</summary>
    private int Requests => world.Options.HistoryImpressions / world.Options.Shown;

    /// <summary>The log's records in the order in which they arrived. To be read once.</summary>
    public IEnumerable<LogEntry> Read()
    {
        var span = world.Options.HistorySpan.TotalMilliseconds;
        for (var i = 0; i < Requests; i++)
        {
            var time = end - (long)(span * (Requests - i) / Requests);
            while (arrivals.TryTake(time, out var arrival))
            {
                yield return ToEntry(arrival);
            }

            Answer(requests.Next(time, world.Options.Shown));
        }

        while (arrivals.TryTake(end, out var arrival))
        {
            yield return ToEntry(arrival);
        }

        OnTheirWay = [.. TakeRest()];
    }

    private IEnumerable<Arrival> TakeRest()
    {
        while (arrivals.TryTake(long.MaxValue, out var arrival))
        {
            yield return arrival;
        }
    }

    private void Answer(SimulatedRequest request)
    {
        var id = $"{RequestPrefix}{request.Number}";
        behaviour.Send(LogTopic.Served, ToServed(request, id), arrivals);
        behaviour.Act(request, id, request.Candidates, arrivals);
    }

    private ServedEvent ToServed(SimulatedRequest request, string id) => new(request.Time, world.Users[request.User].Id)
    {
        RequestId = id,
        PolicyId = "random",
        UserFeatures = features.Users[request.User],
        ContextFeatures = features.Tabs[request.Tab],
        Items = [.. request.Candidates.Select(item => new ServedItem(world.Items[item].Id, 0, 1f / world.Items.Length, features.Items[item], default))],
        Returned = request.Candidates.Length,
    };

    private LogEntry ToEntry(Arrival arrival)
    {
        var partition = new LogPartition(arrival.Topic, UserPartition.Of(arrival.Event.UserId, partitions));
        var offset = offsets.GetValueOrDefault(partition);
        offsets[partition] = offset + 1;
        return new LogEntry { Position = new LogPosition(partition, offset), BrokerTime = arrival.Time, Event = arrival.Event };
    }
}
