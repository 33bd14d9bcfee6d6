namespace Ranking.Learning;

/// <summary>
/// Logistic regression of the label on the logit (Platt, 1999), by Newton's method with halved steps (Lin, Lin and Weng,
/// A Note on Platt's Probabilistic Outputs, 2007). One example's weight draws the slope to 1, so that few examples or
/// separable ones do not carry it away.
/// </summary>
internal static class PlattScaling
{
    /// <summary>Below this a model that ranks its slice the wrong way round would be turned over.</summary>
    private const double SmallestSlope = 0.05;

    private const int Steps = 50;

    /// <summary>a and b of σ(a · logit + b), a above 0.</summary>
    /// <param name="rows">With both labels among them.</param>
    public static (double Slope, double Intercept) Fit(ReadOnlySpan<CalibrationRow> rows)
    {
        var (a, b) = (1.0, 0.0);
        var loss = Loss(rows, a, b);
        for (var step = 0; step < Steps; step++)
        {
            var (da, db) = Direction(rows, a, b);
            var size = 1.0;
            var next = Loss(rows, a + da, b + db);
            while (next > loss && size > 1e-6)
            {
                size /= 2;
                next = Loss(rows, a + (size * da), b + (size * db));
            }

            if (!(next < loss))
            {
                break;
            }

            (a, b, loss) = (a + (size * da), b + (size * db), next);
        }

        return (Math.Max(a, SmallestSlope), b);
    }

    private static double Loss(ReadOnlySpan<CalibrationRow> rows, double a, double b)
    {
        var sum = (a - 1) * (a - 1) / 2;
        foreach (var row in rows)
        {
            // −log σ(z) of a positive, −log σ(−z) of a negative, without overflow.
            var z = ((a * row.Logit) + b) * (row.IsPositive ? -1 : 1);
            sum += row.Weight * (Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))));
        }

        return sum;
    }

    private static (double Slope, double Intercept) Direction(ReadOnlySpan<CalibrationRow> rows, double a, double b)
    {
        var (ga, gb, haa, hab, hbb) = (a - 1, 0.0, 1.0, 0.0, 1e-12);
        foreach (var row in rows)
        {
            var p = CalibrationLevel.Sigmoid((a * row.Logit) + b);
            var residual = row.Weight * (p - (row.IsPositive ? 1 : 0));
            var curvature = row.Weight * p * (1 - p);
            ga += residual * row.Logit;
            gb += residual;
            haa += curvature * row.Logit * row.Logit;
            hab += curvature * row.Logit;
            hbb += curvature;
        }

        var determinant = (haa * hbb) - (hab * hab);
        return (-((hbb * ga) - (hab * gb)) / determinant, -((haa * gb) - (hab * ga)) / determinant);
    }
}
