namespace Ranking.Standalone;

/// <summary>Draws users and items around the centres of segments and categories.</summary>
internal sealed class Population
{
    private const int Segments = 12;
    private const int Categories = 20;
    private const int Authors = 100;
    private const int InterestCount = 3;

    // Of a taste's variance, how much its segment explains; of a topic's, its category.
    private const double SharedPart = 0.85;
    private const double WrongSegment = 0.08;
    private const double WrongCategory = 0.05;

    private readonly Random random;
    private readonly float[][] segments;
    private readonly float[][] categories;
    private readonly double[] authors;

    public Population(int seed)
    {
        random = new Random(seed);
        segments = [.. Enumerable.Range(0, Segments).Select(_ => Vector(1))];
        categories = [.. Enumerable.Range(0, Categories).Select(_ => Vector(1))];
        authors = [.. Enumerable.Range(0, Authors).Select(_ => random.NextGaussian() * 0.6)];
    }

    public SimulatedUser[] MakeUsers(int count) => [.. Enumerable.Range(0, count).Select(MakeUser)];

    public SimulatedItem[] MakeItems(int count) => [.. Enumerable.Range(0, count).Select(MakeItem)];

    private SimulatedUser MakeUser(int index)
    {
        var segment = random.Next(Segments);
        var taste = Around(segments[segment]);
        var budget = random.NextGaussian();
        return new SimulatedUser
        {
            Id = $"u{index}",
            Taste = taste,
            Clicking = random.NextGaussian() * 0.5,
            Buying = random.NextGaussian() * 0.2,
            Budget = budget,
            Segment = $"segment{(random.NextDouble() < WrongSegment ? random.Next(Segments) : segment)}",
            AgeBand = (int)Math.Clamp(Math.Round(3 + (1.5 * budget) + (0.5 * random.NextGaussian())), 0, 6),
            Interests = InterestsOf(taste),
        };
    }

    private SimulatedItem MakeItem(int index)
    {
        var category = random.Next(Categories);
        var author = random.Next(Authors);
        var worth = random.NextGaussian() * 0.8;
        var price = random.NextGaussian();
        return new SimulatedItem
        {
            Id = $"i{index}",
            Topic = Around(categories[category]),
            Quality = authors[author] + (random.NextGaussian() * 0.4),
            Worth = worth,
            PriceLevel = price,
            DriftPhases = [.. Enumerable.Range(0, 3).Select(_ => random.NextDouble() * 2 * Math.PI)],
            Category = $"category{(random.NextDouble() < WrongCategory ? random.Next(Categories) : category)}",
            Author = $"author{author}",
            Price = Math.Round(20 * Math.Exp((0.8 * price) + (0.1 * random.NextGaussian())), 2),
            Rating = Math.Round(Math.Clamp(3.5 + worth + (0.2 * random.NextGaussian()), 1, 5), 1),
        };
    }

    private string[] InterestsOf(float[] taste) =>
    [
        .. Enumerable.Range(0, Categories)
            .OrderByDescending(category => Dot(taste, categories[category]) + random.NextGaussian())
            .Take(InterestCount)
            .Select(category => $"category{category}"),
    ];

    private float[] Around(float[] centre)
    {
        var own = Vector(Math.Sqrt(1 - SharedPart));
        return [.. centre.Select((value, i) => (float)(Math.Sqrt(SharedPart) * value) + own[i])];
    }

    private float[] Vector(double deviation) =>
        [.. Enumerable.Range(0, SimulatedWorld.Factors).Select(_ => (float)(random.NextGaussian() * deviation))];

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
