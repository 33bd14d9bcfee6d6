using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>How one version does beside another.</summary>
public enum Verdict : byte
{
    /// <summary>Neither better nor worse by more than was declared, as far as the data tells.</summary>
    NoDifference = 0,

    /// <summary>Better.</summary>
    Better = 1,

    /// <summary>Worse.</summary>
    Worse = 2,
}

/// <summary>The judged model against another.</summary>
/// <param name="Output">The output.</param>
/// <param name="Against">The other.</param>
/// <param name="AucDifference">The model's AUC less the other's.</param>
/// <param name="Interval">Paired DeLong; without 0 inside, the difference is significant.</param>
public sealed record DifferenceReport(string Output, string Against, double AucDifference, ImmutableArray<double> Interval);

/// <summary>The judged model against another version, on the same impressions.</summary>
/// <param name="Name">The other version's name in this report.</param>
/// <param name="Version">The other version.</param>
/// <param name="MinimumDifference">How far the AUCs must at least lie apart: an interval within it is no difference.</param>
/// <param name="Verdict">Worse where an output is worse; else better where one is better; else no difference.</param>
/// <param name="Outputs">Each output that both have.</param>
/// <param name="Objectives">NDCG of each objective, over the lists that users are.</param>
public sealed record ComparisonReport(
    string Name, string? Version, double MinimumDifference, Verdict Verdict, ImmutableArray<ComparedOutput> Outputs,
    ImmutableArray<ComparedFigure> Objectives);

/// <summary>One output of two versions.</summary>
/// <param name="Output">The output.</param>
/// <param name="Impressions">How many impressions count.</param>
/// <param name="Delong">Paired DeLong's interval of the difference in AUC: impressions as independent.</param>
/// <param name="Verdict">By AUC: better or worse where both intervals of its difference lie beyond the least difference.</param>
/// <param name="Figures">Each figure; AUC first.</param>
public sealed record ComparedOutput(
    string Output, int Impressions, ImmutableArray<double> Delong, Verdict Verdict, ImmutableArray<ComparedFigure> Figures);

/// <summary>One figure of two versions.</summary>
/// <param name="Figure">Its name.</param>
/// <param name="Value">The judged version's.</param>
/// <param name="Other">The other version's.</param>
/// <param name="Difference">The judged less the other.</param>
/// <param name="Interval">Of the difference, 95 %: both on the same users, drawn with replacement.</param>
public sealed record ComparedFigure(string Figure, double Value, double Other, double Difference, ImmutableArray<double> Interval);
