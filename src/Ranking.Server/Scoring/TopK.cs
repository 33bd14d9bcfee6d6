namespace Ranking.Server;

/// <summary>Orders candidates by their final scores.</summary>
internal static class TopK
{
    /// <summary>Indices of the candidates: descending by score, equal scores as they were sent, no score last.</summary>
    public static int[] Order(double[] scores)
    {
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // CompareTo puts NaN below every number.
        order.AsSpan().Sort((left, right) => scores[right].CompareTo(scores[left]) is var by and not 0 ? by : left.CompareTo(right));
        return order;
    }
}
