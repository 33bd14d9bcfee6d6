using Ranking.Configuration;
using Ranking.Core;
using Ranking.Events;
using Ranking.Files;

namespace Ranking.Cli.Tests;

/// <summary>
/// Folds a log offline and works out again, at the positions that served records carry, what the server should have read:
/// it knows nothing of the trainer or of Redis.
/// </summary>
internal sealed class HistoryReplay : IJoinOutput, IDisposable
{
    private readonly JobSpec job;
    private readonly Dictionary<(EntityKind Kind, ulong Owner), List<(HistoryPosition At, byte[] State)>> entities = [];
    private readonly List<AttributeChanges> attributes = [];
    private readonly List<ServedEvent> served = [];
    private readonly AttributeHistory resident = new(1_000_000);

    private HistoryReplay(JobSpec job) => this.job = job;

    /// <summary>The log's answers whose statistics were read.</summary>
    public IReadOnlyList<ServedEvent> Served => served;

    /// <param name="job">The job, whose declarations are folded.</param>
    /// <param name="log">The log, with an end.</param>
    /// <param name="experiment">Of which served records are taken.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<HistoryReplay> FoldAsync(JobSpec job, IEventLog log, string experiment, CancellationToken cancellation)
    {
        var replay = new HistoryReplay(job);
        var model = job.Model;
        var fold = HistoryFold.Of(model.Schema, model.Statistics, model.Sequences)!;
        var export = new HistoryExport(fold, null);
        var join = new LabelJoin(model.Tasks, job.Join, SourceEntities.Load(job.Sources, model.Schema, _ => { }), replay, history: fold);
        var merged = new MergedLog(log, new EventMerge(log.Start.Select(start => MergePosition.Start(start.Partition, start.Offset)), job.Join.MaxAhead));
        while (await merged.FillAsync(TimeSpan.FromMilliseconds(100), cancellation))
        {
            while (merged.TryTake(out var next))
            {
                join.Process(next);
                replay.Keep(export.Take(int.MaxValue));
                if (next.Entry.Event is ServedEvent { AttributeHistory: not null } answer && answer.Experiment == experiment)
                {
                    replay.served.Add(answer);
                }
            }
        }

        return replay;
    }

    /// <summary>Every answer with the records that it should have been given, in the order of their attributes' positions.</summary>
    public IEnumerable<(ServedEvent Served, RequestRecords Expected)> Expect()
    {
        var (next, reader) = (0, new RequestHistory(job.Model.Schema, job.Model.Statistics, job.Model.Sequences));
        foreach (var answer in served.OrderBy(answer => answer.AttributeHistory!.Value))
        {
            while (next < attributes.Count && attributes[next].Head.Position.CompareTo(answer.AttributeHistory!.Value) <= 0)
            {
                resident.Apply(attributes[next++]);
            }

            var request = new RequestRecords(
                Without(answer.UserFeatures), Without(answer.ContextFeatures),
                [.. answer.Items.Select(item => Without(item.Features))], [.. answer.Items.Select(item => Without(item.PairFeatures))]);
            var stored = new StoredHistory(
                StateOf(EntityKind.User, answer.UserId, answer.UserHistory),
                [.. answer.Items.Select(item => StateOf(EntityKind.Item, item.ItemId, item.History))], resident);
            yield return (answer, reader.Complete(request, stored, answer.EventTime).Records);
        }
    }

    public void Impression(in JoinedImpression impression)
    {
    }

    public void Example(Example example)
    {
    }

    public void Settled(in Settlement settlement)
    {
    }

    public void Dispose() => resident.Dispose();

    private void Keep(HistoryState state)
    {
        foreach (var (owner, bytes) in state.Users)
        {
            Keep((EntityKind.User, owner), bytes);
        }

        foreach (var (owner, bytes) in state.Items)
        {
            Keep((EntityKind.Item, owner), bytes);
        }

        attributes.Add(new AttributeChanges(new HistoryHead(0, state.Position), state.Attributes));

        void Keep((EntityKind, ulong) entity, byte[] bytes)
        {
            if (!entities.TryGetValue(entity, out var states))
            {
                entities[entity] = states = [];
            }

            states.Add((state.Position, bytes));
        }
    }

    private ReadOnlyMemory<byte> StateOf(EntityKind kind, string id, HistoryPosition? at) => at is { } position
        ? entities[(kind, LogEvent.EntityKey(id))].Last(state => state.At.CompareTo(position) <= 0).State
        : default;

    // The record as it was before statistics and sequences were put into it.
    private ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> record)
    {
        var writer = new FeatureRecordWriter(job.Model.Schema.Fingerprint);
        var reader = new FeatureRecordReader(record.Span);
        while (reader.Read())
        {
            if (!job.Model.Schema.Features[job.Model.Schema.SlotOf(reader.FeatureId)].IsStatistic)
            {
                writer.WriteRaw(reader.FeatureId, reader.Type, reader.Value);
            }
        }

        return writer.ToArray();
    }
}
