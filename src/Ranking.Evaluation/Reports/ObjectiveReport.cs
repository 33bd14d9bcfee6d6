using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>How good the order is that an objective gives. Intervals are 95 %, bootstrapped over users.</summary>
public sealed record ObjectiveReport
{
    /// <summary>The objective.</summary>
    public required string Objective { get; init; }

    /// <summary>Its formula; over outcomes instead of probabilities it is what an impression is worth.</summary>
    public required string Formula { get; init; }

    /// <summary>How many ranks count.</summary>
    public required int At { get; init; }

    /// <summary>How many impressions have a score and a worth.</summary>
    public required int Impressions { get; init; }

    /// <summary>Mean NDCG over the lists that all impressions of a user are.</summary>
    public required double UserNdcg { get; init; }

    /// <summary>Its interval.</summary>
    public required ImmutableArray<double> UserNdcgInterval { get; init; }

    /// <summary>Users whose impressions are not all worth the same.</summary>
    public required int UserLists { get; init; }

    /// <summary>Users whose are, and whom it leaves out.</summary>
    public required int UserListsLeftOut { get; init; }

    /// <summary>Mean NDCG over requests: a user's impressions of one time. Undefined where requests have one impression.</summary>
    public required double RequestNdcg { get; init; }

    /// <summary>Its interval.</summary>
    public required ImmutableArray<double> RequestNdcgInterval { get; init; }

    /// <summary>Requests whose impressions are not all worth the same.</summary>
    public required int RequestLists { get; init; }

    /// <summary>Requests whose are, and which it leaves out.</summary>
    public required int RequestListsLeftOut { get; init; }
}
