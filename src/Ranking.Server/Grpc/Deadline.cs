using Grpc.Core;

namespace Ranking.Server;

/// <summary>Until when a call is worked for: the caller's deadline, or the server's default where the caller sets none.</summary>
internal static class Deadline
{
    /// <summary>When scoring has to end for the answer to be in time: the margin before the deadline, or half of what is left where that is less.</summary>
    public static DateTimeOffset ScoringEnds(ServerCallContext context, ServerOptions settings, DateTimeOffset now)
    {
        var left = context.Deadline == DateTime.MaxValue ? settings.DefaultDeadline : new DateTimeOffset(context.Deadline) - now;
        return now + (left - (left < 2 * settings.DeadlineMargin ? left / 2 : settings.DeadlineMargin));
    }

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
