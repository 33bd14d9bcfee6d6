using Grpc.Core;

namespace Ranking.Server;

/// <summary>Until when a call is worked for: the caller's deadline, or the server's default where the caller sets none.</summary>
internal static class Deadline
{
    /// <summary>A source whose token ends with the call or at the default; the caller disposes it.</summary>
    public static CancellationTokenSource Of(ServerCallContext context, ServerOptions settings)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        if (context.Deadline == DateTime.MaxValue)
        {
            source.CancelAfter(settings.DefaultDeadline);
        }

        return source;
    }
}
