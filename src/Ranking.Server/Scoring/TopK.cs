using System.Buffers;

namespace Ranking.Server;

/// <summary>Orders candidates by their final scores.</summary>
internal static class TopK
{
    /// <summary>
    /// Indices of all candidates: the best so many first, descending by score, equal scores as they were sent, no score last;
    /// then the others as they were sent. Only the best are sorted.
    /// </summary>
    public static int[] Order(double[] scores, int best)
    {
        if (best >= scores.Length)
        {
            return OrderAll(scores);
        }

        // The worst of the best so far at the head.
        var heads = new PriorityQueue<int, int>(best, Comparer<int>.Create((left, right) => Compare(scores, right, left)));
        for (var i = 0; i < scores.Length; i++)
        {
            if (heads.Count < best)
            {
                heads.Enqueue(i, i);
            }
            else
            {
                heads.EnqueueDequeue(i, i);
            }
        }

        var order = new int[scores.Length];
        var isBest = new bool[scores.Length];
        for (var place = best - 1; place >= 0; place--)
        {
            order[place] = heads.Dequeue();
            isBest[order[place]] = true;
        }

        for (int i = 0, place = best; i < scores.Length; i++)
        {
            if (!isBest[i])
            {
                order[place++] = i;
            }
        }

        return order;
    }

    // By numbers alone, without a call for each comparison; then those with equal scores by their places.
    private static int[] OrderAll(double[] scores)
    {
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var rented = ArrayPool<double>.Shared.Rent(scores.Length);
        var sorted = rented.AsSpan(0, scores.Length);
        scores.CopyTo(sorted);
        sorted.Sort(order.AsSpan());
        sorted.Reverse();
        order.AsSpan().Reverse();
        for (int from = 0, to = 1; to <= sorted.Length; to++)
        {
            if (to == sorted.Length || !sorted[to].Equals(sorted[from]))
            {
                order.AsSpan(from..to).Sort();
                from = to;
            }
        }

        ArrayPool<double>.Shared.Return(rented);
        return order;
    }

    // CompareTo puts NaN below every number.
    private static int Compare(double[] scores, int left, int right) =>
        scores[right].CompareTo(scores[left]) is var by and not 0 ? by : left.CompareTo(right);
}
