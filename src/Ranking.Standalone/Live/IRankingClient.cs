using Ranking.Contracts.V1;

namespace Ranking.Standalone;

/// <summary>The server, as a product backend sees it.</summary>
public interface IRankingClient
{
    /// <summary>The best candidates first; null when the server did not answer.</summary>
    Task<RankResponse?> RankAsync(RankRequest request, CancellationToken cancellation);

    /// <summary>Scores in the order of the candidates; null when the server did not answer.</summary>
    Task<ScoreResponse?> ScoreAsync(ScoreRequest request, CancellationToken cancellation);
}
