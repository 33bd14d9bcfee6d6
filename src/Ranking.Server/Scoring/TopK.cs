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
            var all = new int[scores.Length];
            for (var i = 0; i < all.Length; i++)
            {
                all[i] = i;
            }

            all.AsSpan().Sort((left, right) => Compare(scores, left, right));
            return all;
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

    // CompareTo puts NaN below every number.
    private static int Compare(double[] scores, int left, int right) =>
        scores[right].CompareTo(scores[left]) is var by and not 0 ? by : left.CompareTo(right);
}
