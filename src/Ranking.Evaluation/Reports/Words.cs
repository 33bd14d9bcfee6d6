using System.Globalization;
using Ranking.Metrics;
using Ranking.Models;

namespace Ranking.Evaluation;

/// <summary>Figures as a person reads them, the same in the table and on the page.</summary>
internal static class Words
{
    public const string Undefined = "–";

    public static string Architecture(ArchitectureSpec spec, TreesSpec? trees = null) => string.Join(", averaged with ", spec.Networks.Select(Network))
        + (trees is null ? "" : $", with {trees.Count} boosted trees a task for {Percent(trees.Share)} of the logit");

    public static string Version(ModelIdentity model) => model.Progressive ? "progressive" : model.Version ?? "not published";

    private static string Network(ArchitectureSpec spec)
    {
        var network = spec.Kind switch
        {
            ArchitectureKind.Mmoe => $"MMoE of {spec.Experts} experts",
            ArchitectureKind.SharedBottom => "shared bottom",
            _ => "single-task networks",
        };
        var interactions = string.Join(", ", Interactions(spec));
        return network + (interactions.Length > 0 ? $" with {interactions}" : "") + (spec.EntireSpace ? " over the entire space (ESMM)" : "");
    }

    private static IEnumerable<string> Interactions(ArchitectureSpec spec)
    {
        if (spec.FeatureGate is not null)
        {
            yield return "feature gates (FiBiNET)";
        }

        if (spec.Cross is { } cross)
        {
            yield return cross.Rank is { } rank ? $"{cross.Layers} cross layers of rank {rank} (DCN-V2)" : $"{cross.Layers} cross layers (DCN-V2)";
        }

        if (spec.Factorization)
        {
            yield return "a factorisation machine";
        }
    }

    public static string Score(double? value) => value is { } known && double.IsFinite(known) ? known.ToString("0.0000", CultureInfo.InvariantCulture) : Undefined;

    public static string Ratio(double value) => double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : Undefined;

    public static string Signed(double value) => double.IsFinite(value) ? value.ToString("+0.0000;−0.0000;0.0000", CultureInfo.InvariantCulture) : Undefined;

    public static double[] Ends(Interval interval) => [interval.Lower, interval.Upper];

    public static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => double.IsFinite(share) ? share.ToString("0.0 %", CultureInfo.InvariantCulture) : Undefined;

    public static string Range(IReadOnlyList<double> ends) =>
        double.IsFinite(ends[0]) && double.IsFinite(ends[1]) ? $"{Score(ends[0])} to {Score(ends[1])}" : Undefined;

    public static string Ratios(IReadOnlyList<double> ends) =>
        double.IsFinite(ends[0]) && double.IsFinite(ends[1]) ? $"{Ratio(ends[0])} to {Ratio(ends[1])}" : Undefined;

    public static string SignedRange(IReadOnlyList<double> ends) =>
        double.IsFinite(ends[0]) && double.IsFinite(ends[1]) ? $"{Signed(ends[0])} to {Signed(ends[1])}" : Undefined;

    public static string Time(DateTimeOffset time) => time.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture);

    public static string Splits(DataIdentity data) => data.Splits.IsEmpty ? "all impressions" : $"split {string.Join(", ", data.Splits)}";

    public static string Quoted(IReadOnlyCollection<string> splits) =>
        splits.Count == 0 ? "every split" : $"split {string.Join(", ", splits.Select(split => $"'{split}'"))}";

    /// <summary>A difference in words.</summary>
    public static string Verdict(DifferenceReport difference) =>
        difference.Interval[0] > 0 ? "better" : difference.Interval[1] < 0 ? "worse" : "not significant";

    /// <summary>A verdict in words.</summary>
    public static string Verdict(Verdict verdict) => verdict switch
    {
        Evaluation.Verdict.Better => "better",
        Evaluation.Verdict.Worse => "worse",
        _ => "no difference",
    };

    /// <summary>What is sliced by, as a heading.</summary>
    public static string SliceTitle(string feature) => feature switch
    {
        Slicer.UserHistory => "impressions of the user in training",
        Slicer.ItemHistory => "impressions of the item in training",
        Slicer.Hour => "hour of the day (UTC)",
        Slicer.Day => "day (UTC)",
        Slicer.DayHour => "hour (UTC)",
        _ => feature,
    };
}
