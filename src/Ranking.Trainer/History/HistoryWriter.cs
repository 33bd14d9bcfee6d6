using Ranking.Core;
using Ranking.Events;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Writes what changes of statistics and sequences into the feature store while training goes on: one write at a time, in
/// the background, each of the state at one place of the log. A write that fails is made again with what is true by then.
/// </summary>
/// <remarks>
/// After a restart the fold comes by places that the store has passed already: nothing is written until it is beyond them,
/// so that no server sees an older state than before. Once it is, it takes the history over: a trainer that has written it
/// until then, and still runs, goes on training and writes no more.
/// </remarks>
internal sealed class HistoryWriter
{
    /// <summary>Users and items of one write: some megabytes.</summary>
    private const int PartSize = 2_000;

    private static readonly TimeSpan every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan afterFailure = TimeSpan.FromSeconds(1);

    private readonly IHistoryStore store;
    private readonly long writer = Random.Shared.NextInt64();
    private readonly string name;
    private readonly HistoryExport export;
    private readonly TimeSpan timeToLive;
    private readonly TimeProvider clock;
    private readonly Action<string> tell;
    private HistoryHead? head;
    private long number;
    private (HistoryState? State, Task<HistoryHead?> Run)? writing;
    private (long Since, TimeSpan Wait) rest;
    private bool isFailing;
    private bool isOwner;
    private bool isTaken;

    private HistoryWriter(IHistoryStore store, ModelSpec model, HistoryFold fold, HistoryHead? head, TimeProvider clock, Action<string> tell)
    {
        (this.store, this.head, this.clock, this.tell) = (store, head, clock, tell);
        name = NameOf(model);
        export = new HistoryExport(fold, head?.Position);
        timeToLive = model.Statistics.Select(spec => spec.Expire).Concat(model.Sequences.Select(spec => spec.Expire)).Max();
    }

    /// <summary>Begins where the store is.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="model">Whose history it is.</param>
    /// <param name="fold">The fold, as a checkpoint has it.</param>
    /// <param name="clock">Says when a write is due.</param>
    /// <param name="tell">Told of writes that failed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="FeatureStoreException">The store does not answer.</exception>
    public static async Task<HistoryWriter> OpenAsync(
        IHistoryStore store, ModelSpec model, HistoryFold fold, TimeProvider clock, Action<string> tell, CancellationToken cancellation) =>
        new(store, model, fold, await store.ReadHeadAsync(NameOf(model), cancellation).ConfigureAwait(false), clock, tell);

    /// <summary>Begins a write where one is due and the one before has ended.</summary>
    public void WriteIfDue()
    {
        if (writing is { Run.IsCompleted: false } || clock.GetElapsedTime(rest.Since) < rest.Wait)
        {
            return;
        }

        Settle();
        if (rest.Wait < afterFailure && HasNews)
        {
            Begin(CancellationToken.None);
        }
    }

    /// <summary>Writes all that is left.</summary>
    /// <exception cref="FeatureStoreException">The store did not take it.</exception>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        if (writing is { } last)
        {
            await ((Task)last.Run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Settle();
        }

        while (HasNews)
        {
            Begin(cancellation);
            try
            {
                await writing!.Value.Run.ConfigureAwait(false);
            }
            catch (HistoryTakenException)
            {
                // Settle tells of it.
            }

            Settle();
        }

        if (!isTaken && !export.IsEmpty)
        {
            tell($"the feature store has the history {name} up to {Time(head!.Value.Position)}, beyond this log's {Time(export.Position)}: nothing was written. If that is of another log, delete the keys that contain {name}.");
        }
    }

    private bool HasNews => !isTaken && !export.IsEmpty && (head is null || export.Position.CompareTo(head.Value.Position) > 0);

    private void Begin(CancellationToken cancellation) => writing = isOwner
        ? Write(cancellation)
        : (null, Task.Run(() => store.ClaimAsync(name, writer, cancellation).AsTask(), cancellation));

    private (HistoryState State, Task<HistoryHead?> Run) Write(CancellationToken cancellation)
    {
        var state = export.Take(PartSize);
        // A number is not used again after a failure: its head may be there all the same, and whoever has read it would not
        // look at another write of that number.
        var changes = state.IsLast ? new AttributeChanges(new HistoryHead(++number, state.Position), state.Attributes) : null;
        KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>[] entities =
        [
            .. state.Users.Select(user => Entry(EntityKind.User, user)),
            .. state.Items.Select(item => Entry(EntityKind.Item, item)),
        ];
        return (state, Task.Run(
            async () =>
            {
                await store.WriteAsync(name, writer, changes, entities, timeToLive, cancellation).ConfigureAwait(false);
                return changes?.Head ?? head;
            },
            cancellation));
    }

    private KeyValuePair<FeatureKey, ReadOnlyMemory<byte>> Entry(EntityKind kind, (ulong Owner, byte[] State) of) =>
        new(FeatureKey.OfHistory(kind, of.Owner, name), of.State);

    // What the write or the claim that has ended came to.
    private void Settle()
    {
        rest = (clock.GetTimestamp(), every);
        if (writing is not var (state, run))
        {
            return;
        }

        writing = null;
        if (run.IsCompletedSuccessfully)
        {
            (isOwner, isFailing, head) = (true, false, run.Result);
            number = Math.Max(number, head?.Number ?? 0);
            return;
        }

        if (state is not null)
        {
            export.Return(state);
        }

        rest = rest with { Wait = afterFailure };
        if (run.Exception?.InnerException is HistoryTakenException taken)
        {
            isTaken = true;
            tell(taken.Message);
        }
        else if (!isFailing)
        {
            isFailing = true;
            tell($"statistics and sequences could not be written, and servers keep older ones until they are: {run.Exception?.GetBaseException().Message}");
        }
    }

    private static string NameOf(ModelSpec model) => RequestHistory.NameOf(model.Name, model.Schema, model.Statistics, model.Sequences);

    private static DateTimeOffset Time(in HistoryPosition position) => DateTimeOffset.FromUnixTimeMilliseconds(position.OrderTime);
}
