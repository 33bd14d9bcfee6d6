namespace Ranking.Learning;

/// <summary>An example as a calibration sees it.</summary>
/// <param name="Logit">The task's logit as predicted before the example was learned from.</param>
/// <param name="Weight">Its weight in the shape of the map; 0 where the task's condition is not met.</param>
/// <param name="LevelWeight">Its weight in the level of the map.</param>
/// <param name="IsPositive">The label.</param>
/// <param name="Slice">The key of the slicing feature's value.</param>
internal readonly record struct CalibrationRow(float Logit, double Weight, double LevelWeight, bool IsPositive, ulong Slice);

/// <summary>
/// The level of a map: what its values are shifted by so that Σ level weight · probability is the weight of the positives.
/// Whatever the shape, the mean predicted is then the mean observed.
/// </summary>
internal static class CalibrationLevel
{
    private const double Bound = 20;
    private const int Halvings = 50;

    public static double ShiftOf(ReadOnlySpan<CalibrationRow> rows, Func<float, double> shape)
    {
        var values = new double[rows.Length];
        var observed = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = shape(rows[i].Logit);
            observed += rows[i].IsPositive ? rows[i].Weight : 0;
        }

        var (low, high) = (-Bound, Bound);
        for (var halving = 0; halving < Halvings; halving++)
        {
            var shift = (low + high) / 2;
            var predicted = 0.0;
            for (var i = 0; i < values.Length; i++)
            {
                predicted += rows[i].LevelWeight * Sigmoid(values[i] + shift);
            }

            (low, high) = predicted < observed ? (shift, high) : (low, shift);
        }

        return (low + high) / 2;
    }

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
