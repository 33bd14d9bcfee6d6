namespace Ranking.Standalone.Tests;

/// <summary>Logistic regression over sparse indicators, by Adagrad: what the simulated world must be too rich for.</summary>
internal sealed class LogisticRegression
{
    private const double LearningRate = 0.1;
    private const double Decay = 1e-5;

    private readonly Dictionary<string, int> columns = [];
    private readonly List<double> weights = [];
    private readonly List<double> squares = [];

    /// <summary>The columns of a row's indicators.</summary>
    public int[] Encode(IEnumerable<string> indicators) => [.. indicators.Select(ColumnOf)];

    /// <summary>The log-odds of a row.</summary>
    public double Predict(int[] row) => row.Sum(column => weights[column]);

    /// <summary>Learns one row.</summary>
    public void Learn(int[] row, bool label)
    {
        var error = (1 / (1 + Math.Exp(-Predict(row)))) - (label ? 1 : 0);
        foreach (var column in row)
        {
            var gradient = error + (Decay * weights[column]);
            squares[column] += gradient * gradient;
            weights[column] -= LearningRate * gradient / Math.Sqrt(squares[column] + 1e-8);
        }
    }

    private int ColumnOf(string indicator)
    {
        if (!columns.TryGetValue(indicator, out var column))
        {
            columns[indicator] = column = weights.Count;
            weights.Add(0);
            squares.Add(0);
        }

        return column;
    }
}
