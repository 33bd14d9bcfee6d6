using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Ranking.Core;

namespace Ranking.Server;

/// <summary>Gives every failure its gRPC status.</summary>
internal sealed class ErrorInterceptor(ILogger<ErrorInterceptor> log) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            var status = StatusOf(failure, context);
            if (status.StatusCode == StatusCode.Internal)
            {
                log.LogError(failure, "{Method} failed", context.Method);
            }

            throw new RpcException(status);
        }
    }

    public static Status StatusOf(Exception failure, ServerCallContext context) => failure switch
    {
        RpcException known => known.Status,
        OperationCanceledException when context.CancellationToken.IsCancellationRequested && context.Deadline > DateTime.UtcNow =>
            new Status(StatusCode.Cancelled, "the caller gave up"),
        OperationCanceledException => new Status(StatusCode.DeadlineExceeded, "the deadline passed"),
        ModelNotFoundException => new Status(StatusCode.NotFound, failure.Message),
        ModelRefusedException => new Status(StatusCode.FailedPrecondition, failure.Message),
        ModelNotReadyException or FeatureStoreException => new Status(StatusCode.Unavailable, failure.Message),
        _ => new Status(StatusCode.Internal, "the server failed; its log says why"),
    };
}
