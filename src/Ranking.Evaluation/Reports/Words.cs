using System.Globalization;
using Ranking.Models;

namespace Ranking.Evaluation;

/// <summary>Figures as a person reads them, the same in the table and on the page.</summary>
internal static class Words
{
    public const string Undefined = "–";

    public static string Architecture(ArchitectureSpec spec)
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

    public static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => double.IsFinite(share) ? share.ToString("0.0 %", CultureInfo.InvariantCulture) : Undefined;

    public static string Range(IReadOnlyList<double> ends) =>
        double.IsFinite(ends[0]) && double.IsFinite(ends[1]) ? $"{Score(ends[0])} to {Score(ends[1])}" : Undefined;

    public static string Time(DateTimeOffset time) => time.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture);

    public static string Splits(DataIdentity data) => data.Splits.IsEmpty ? "all impressions" : $"split {string.Join(", ", data.Splits)}";

    /// <summary>One output's result in a sentence or two.</summary>
    public static string Summary(OutputReport output)
    {
        if (!double.IsFinite(output.Auc))
        {
            return $"{output.Output} cannot be ranked: its {Count(output.Impressions)} impressions are of one class.";
        }

        var gain = 1 - (output.LogLoss / output.BaseRateLogLoss);
        var loss = gain >= 0 ? $"{Percent(gain)} below" : $"{Percent(-gain)} above";
        return $"{output.Output} ranks with an AUC of {Score(output.Auc)} ({Range(output.AucInterval)}); its log loss is {loss} the "
            + $"base rate's. {Calibrated(output.Calibration)}";
    }

    private static string Calibrated(CalibrationReport calibration)
    {
        var off = calibration.Ratio - 1;
        var mean = Math.Abs(off) < 0.0005 ? "predicts the right mean" : $"predicts {Percent(Math.Abs(off))} too {(off > 0 ? "much" : "little")} on the whole";
        return calibration.ExpectedError <= calibration.PerfectBand
            ? $"It {mean}, and its calibration error is within what chance explains."
            : $"It {mean}, and its calibration error ({Score(calibration.ExpectedError)}) is more than chance explains ({Score(calibration.PerfectBand)}).";
    }

    /// <summary>A difference in words.</summary>
    public static string Verdict(DifferenceReport difference) =>
        difference.Interval[0] > 0 ? "better" : difference.Interval[1] < 0 ? "worse" : "not significant";
}
