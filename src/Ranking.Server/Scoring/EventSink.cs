using Ranking.Core;

namespace Ranking.Server;

/// <summary>The way out to the log; without one the server only serves.</summary>
/// <param name="publisher">Where records go; null is nowhere.</param>
/// <param name="isOwned">Whether the publisher ends with the server.</param>
internal sealed class EventSink(IEventPublisher? publisher, bool isOwned) : IAsyncDisposable
{
    public IEventPublisher? Publisher => publisher;

    /// <summary>Flushes and ends the publisher, if it is the server's own.</summary>
    public ValueTask DisposeAsync() => isOwned && publisher is IAsyncDisposable owned ? owned.DisposeAsync() : ValueTask.CompletedTask;
}
