using Ranking.Core;

namespace Ranking.Trainer.Tests;

/// <summary>A history in memory, whose writes can fail; it insists on heads that follow one another.</summary>
internal sealed class MemoryHistoryStore : IHistoryStore
{
    /// <summary>A name that stands for all: a store holds one history.</summary>
    public const string AnyName = "";

    // Magic, format and position: where the state was written does not matter here, what it says does.
    private const int HeadLength = 32;

    private HistoryHead? head;
    private bool hasFailed;

    /// <summary>Every n-th write fails; 0 is none.</summary>
    public int FailEvery { get; init; }

    /// <summary>The write before which another takes the history; 0 is none.</summary>
    public int TakenAt { get; init; }

    /// <summary>Who claimed it last.</summary>
    public long? Writer { get; private set; }

    /// <summary>Writes that were asked for.</summary>
    public int Writes { get; private set; }

    public Dictionary<FeatureKey, ReadOnlyMemory<byte>> Entities { get; } = [];

    public Dictionary<(int Table, ulong Key), ReadOnlyMemory<byte>> Attributes { get; } = [];

    /// <summary>All that is stored, as text.</summary>
    public string Describe() => string.Join('\n',
        Entities.Select(pair => $"{pair.Key} {Convert.ToHexString(pair.Value.Span[HeadLength..])}")
            .Concat(Attributes.Select(pair => $"{pair.Key} {Convert.ToHexString(pair.Value.Span)}")).Order(StringComparer.Ordinal));

    public ValueTask<HistoryHead?> ReadHeadAsync(string history, CancellationToken cancellation) => ValueTask.FromResult(head);

    public ValueTask<HistoryHead?> ClaimAsync(string history, long writer, CancellationToken cancellation)
    {
        Writer = writer;
        return ReadHeadAsync(history, cancellation);
    }

    public ValueTask WriteAsync(
        string history, long writer, AttributeChanges? changes, IReadOnlyList<KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>> entities,
        TimeSpan timeToLive, CancellationToken cancellation)
    {
        if (++Writes == TakenAt)
        {
            Writer = null;
        }

        if (Writer != writer)
        {
            throw new HistoryTakenException(history);
        }

        if (FailEvery > 0 && Writes % FailEvery == 0)
        {
            hasFailed = true;
            throw new FeatureStoreException("the store is down", new IOException());
        }

        foreach (var (key, state) in entities)
        {
            Entities[key] = state;
        }

        foreach (var row in changes?.Rows ?? [])
        {
            Attributes[(row.Table, row.Key)] = row.State;
        }

        if (changes is not null && head is { } last)
        {
            Assert.True(
                hasFailed ? changes.Head.Number > last.Number : changes.Head.Number == last.Number + 1,
                $"number {changes.Head.Number} does not follow {last.Number}");
            Assert.True(changes.Head.Position.CompareTo(last.Position) > 0, $"{changes.Head.Position} does not follow {last.Position}");
        }

        hasFailed &= changes is null;
        head = changes?.Head ?? head;
        return ValueTask.CompletedTask;
    }

    public ValueTask<AttributeChanges?> ReadAttributesAsync(string history, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AttributeChanges>?> ReadChangesAsync(string history, long after, CancellationToken cancellation) => throw new NotSupportedException();
}
