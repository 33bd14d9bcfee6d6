using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>
/// Permutation importance (Breiman, Machine Learning 45, 2001): what AUC loses where a group of features takes its values
/// from another impression. Features that say the same lose little each; their group shows what they are worth together.
/// </summary>
/// <param name="Impressions">On how many impressions.</param>
/// <param name="Groups">Each group, the most important first, by its largest loss.</param>
public sealed record ImportanceReport(int Impressions, ImmutableArray<GroupImportance> Groups);

/// <summary>What a group of features is worth.</summary>
/// <param name="Group">
/// Its name: as declared, or a feature, a family of features numbered alike (<c>onehot_feat*</c>), the statistics of one key
/// and kind (<c>user_id × tab: rates and means</c>), or a union.
/// </param>
/// <param name="IsUnion">Whether it holds other groups: all that belongs to a user, an item, a request, a pair or a statistics' key, or all statistics.</param>
/// <param name="Features">The inputs that change with it, also by a formula.</param>
/// <param name="Losses">Of each output.</param>
public sealed record GroupImportance(string Group, bool IsUnion, ImmutableArray<string> Features, ImmutableArray<AucLoss> Losses);

/// <summary>What an output loses.</summary>
/// <param name="Output">The output.</param>
/// <param name="Loss">AUC less the AUC with permuted values.</param>
/// <param name="Interval">Paired DeLong, 95 %.</param>
public sealed record AucLoss(string Output, double Loss, ImmutableArray<double> Interval);
