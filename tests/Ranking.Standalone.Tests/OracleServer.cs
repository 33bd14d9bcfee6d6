using Ranking.Contracts.V1;
using Ranking.Core;

namespace Ranking.Standalone.Tests;

/// <summary>A server that knows the truth, or its opposite, and a log that keeps what is published.</summary>
internal sealed class OracleServer(SimulatedWorld world, TimeProvider clock, bool inverted = false) : IRankingClient, IEventPublisher
{
    private long number;

    public bool IsDown { get; set; }

    public List<(LogTopic Topic, LogEvent Event)> Published { get; } = [];

    public List<RankRequest> Asked { get; } = [];

    public Task<RankResponse?> RankAsync(RankRequest request, CancellationToken cancellation)
    {
        Asked.Add(request);
        return Task.FromResult(IsDown ? null : new RankResponse
        {
            RequestId = $"r{number++}",
            Version = "v1",
            ItemIds = { request.ItemIds.Take((int)request.TopK) },
        });
    }

    public Task<ScoreResponse?> ScoreAsync(ScoreRequest request, CancellationToken cancellation)
    {
        if (IsDown)
        {
            return Task.FromResult<ScoreResponse?>(null);
        }

        var truth = request.ItemIds.Select(item => TruthOf(request, item)).ToArray();
        return Task.FromResult<ScoreResponse?>(new ScoreResponse
        {
            Version = "v1",
            Tasks = { Column("ctr", truth.Select(t => t.Click)), Column("cvr", truth.Select(t => t.Conversion)), Column("ctcvr", truth.Select(t => t.Both)) },
        });
    }

    public bool TryPublish(LogTopic topic, LogEvent record) => throw new InvalidOperationException("the simulator waits until the log has its records.");

    public ValueTask PublishAsync(LogTopic topic, IReadOnlyList<LogEvent> records, CancellationToken cancellation)
    {
        Published.AddRange(records.Select(record => (topic, record)));
        return ValueTask.CompletedTask;
    }

    private TrueProbabilities TruthOf(ScoreRequest request, string item)
    {
        var tab = Enumerable.Range(0, SimulatedWorld.TabCount).First(i => SimulatedWorld.TabName(i) == request.Features[0].Texts.Values[0]);
        return world.ProbabilitiesOf(
            Array.FindIndex(world.Users, user => user.Id == request.UserId), Array.FindIndex(world.Items, what => what.Id == item), 0, tab,
            clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private TaskScores Column(string name, IEnumerable<double> values) =>
        new() { Task = name, Values = { values.Select(value => (float)(inverted ? 1 - value : value)) } };
}
