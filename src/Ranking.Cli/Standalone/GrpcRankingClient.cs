using Grpc.Core;
using Grpc.Net.Client;
using Ranking.Contracts.V1;
using Ranking.Standalone;

namespace Ranking.Cli;

/// <summary>The server over gRPC, as a product backend calls it.</summary>
internal sealed class GrpcRankingClient : IRankingClient, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly GrpcChannel channel;
    private readonly RankingService.RankingServiceClient ranking;
    private readonly ModelService.ModelServiceClient models;

    /// <param name="address">The server's gRPC address.</param>
    public GrpcRankingClient(string address)
    {
        channel = GrpcChannel.ForAddress(address);
        ranking = new RankingService.RankingServiceClient(channel);
        models = new ModelService.ModelServiceClient(channel);
    }

    /// <summary>Why the last call was not answered; null where all were.</summary>
    public string? LastFault { get; private set; }

    /// <inheritdoc/>
    public Task<RankResponse?> RankAsync(RankRequest request, CancellationToken cancellation) =>
        Answer(ranking.RankAsync(request, deadline: DateTime.UtcNow + Deadline, cancellationToken: cancellation), cancellation);

    /// <inheritdoc/>
    public Task<ScoreResponse?> ScoreAsync(ScoreRequest request, CancellationToken cancellation) =>
        Answer(ranking.ScoreAsync(request, deadline: DateTime.UtcNow + Deadline, cancellationToken: cancellation), cancellation);

    /// <summary>What the server says of its models; null when it did not answer.</summary>
    public Task<ListModelsResponse?> ListModelsAsync(CancellationToken cancellation) =>
        Answer(models.ListModelsAsync(new ListModelsRequest(), deadline: DateTime.UtcNow + Deadline, cancellationToken: cancellation), cancellation);

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();

    private async Task<T?> Answer<T>(AsyncUnaryCall<T> call, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (RpcException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (RpcException fault)
        {
            LastFault = $"{fault.StatusCode}: {fault.Status.Detail}";
            return null;
        }
    }
}
