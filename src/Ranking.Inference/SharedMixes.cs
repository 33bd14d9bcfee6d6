namespace Ranking.Inference;

/// <summary>
/// Makes one step of the mixes that weigh the same experts: what a candidate's experts gave is in the first cache for the
/// second task then, where a block of candidates would have pushed it out.
/// </summary>
internal static class SharedMixes
{
    /// <summary>The steps in their order, but for what a mix of several tasks waits for: the gates of all of them.</summary>
    public static Step[] Merge(Step[] steps)
    {
        var shared = new Dictionary<Step, Step>();
        foreach (var mixes in steps.OfType<MixStep>().GroupBy(mix => string.Join(' ', mix.Experts)))
        {
            var all = new MixStep([.. mixes.SelectMany(mix => mix.Targets)], [.. mixes.SelectMany(mix => mix.Gates)], mixes.First().Experts);
            foreach (var mix in mixes)
            {
                shared[mix] = all;
            }
        }

        var left = steps.Select(step => shared.GetValueOrDefault(step, step)).Distinct().ToList();
        var ordered = new List<Step>();
        while (left.Count > 0)
        {
            var unwritten = left.SelectMany(step => step.Targets).Select(target => target.Buffer).ToHashSet();
            var next = left.First(step => step.Reads.All(read => !unwritten.Contains(read.Buffer)));
            left.Remove(next);
            ordered.Add(next);
        }

        return [.. ordered];
    }
}
