namespace Ranking.Standalone;

/// <summary>A user asks for items.</summary>
/// <param name="Number">The request's number in its log, from 0.</param>
/// <param name="Time">When, Unix milliseconds.</param>
/// <param name="User">The user's index.</param>
/// <param name="Tab">The tab's index.</param>
/// <param name="Candidates">Indexes of the items to choose from.</param>
internal sealed record SimulatedRequest(long Number, long Time, int User, int Tab, int[] Candidates);

/// <summary>Draws requests one after another, each at its time.</summary>
internal sealed class RequestSource(SimulatedWorld world, int seed)
{
    private readonly Random random = new(seed);
    private long number;

    /// <summary>How long until the next request at a rate, in milliseconds.</summary>
    public double NextGap(double requestsPerSecond) => random.NextExponential(1000 / requestsPerSecond);

    /// <summary>A request at a time.</summary>
    public SimulatedRequest Next(long time, int candidates) => new(
        number++, time, random.Next(world.Users.Length), random.Next(SimulatedWorld.TabCount), random.NextDistinct(candidates, world.Items.Length));
}
