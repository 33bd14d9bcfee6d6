namespace Ranking.Standalone;

/// <summary>
/// Users and items with hidden factors, and the true probability of everything that they do. A click's log-odds are
/// user, item (drifting), position, tab and hour added up, and on top of it the product of the user's taste and the
/// item's topic, which no sum of single features can express.
/// </summary>
public sealed class SimulatedWorld
{
    /// <summary>Dimensions of taste and topic.</summary>
    internal const int Factors = 8;

    // Deviations and weights, in logits. Chosen so that what is additive reaches about 85 % of what can be known.
    private const double ClickBase = -1.6;
    private const double ClickMatch = 0.45;
    private const double ConversionBase = -1.1;
    private const double ConversionMatch = 0.3;
    private const double PriceGap = 0.45;
    private const double PositionBias = 0.35;
    private const double HourEffect = 0.25;
    private const double DriftSize = 0.1;

    private static readonly double[] DriftHours = [1.7, 5.3, 19];
    private static readonly (string Name, double Effect)[] Tabs = [("home", 0), ("search", 0.5), ("following", 0.25), ("explore", -0.35)];

    private SimulatedWorld(SimulationOptions options, SimulatedUser[] users, SimulatedItem[] items)
    {
        Options = options;
        Users = users;
        Items = items;
    }

    /// <summary>What the world was made from.</summary>
    public SimulationOptions Options { get; }

    /// <summary>How many tabs a request can come from.</summary>
    internal static int TabCount => Tabs.Length;

    internal SimulatedUser[] Users { get; }

    internal SimulatedItem[] Items { get; }

    /// <summary>Makes a world.</summary>
    /// <exception cref="ArgumentException">Options are out of range; the message names every one.</exception>
    public static SimulatedWorld Create(SimulationOptions options)
    {
        var faults = options.Validate().ToArray();
        if (faults.Length > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        var population = new Population(options.Seed);
        return new SimulatedWorld(options, population.MakeUsers(options.Users), population.MakeItems(options.Items));
    }

    internal static string TabName(int tab) => Tabs[tab].Name;

    /// <summary>What happens, and how likely, when an item is shown.</summary>
    /// <param name="user">The user's index.</param>
    /// <param name="item">The item's index.</param>
    /// <param name="position">The position, from 0.</param>
    /// <param name="tab">The tab's index.</param>
    /// <param name="time">Unix milliseconds.</param>
    internal TrueProbabilities ProbabilitiesOf(int user, int item, int position, int tab, long time)
    {
        var who = Users[user];
        var what = Items[item];
        var match = Match(who.Taste, what.Topic);
        var click = ClickBase + who.Clicking + what.Quality + DriftOf(what, time) + (ClickMatch * match)
            + Tabs[tab].Effect + HourOf(time) - (PositionBias * Math.Log(1 + position));
        var conversion = ConversionBase + who.Buying + what.Worth + (ConversionMatch * match)
            - (PriceGap * Math.Max(0, what.PriceLevel - who.Budget));
        return new TrueProbabilities(Sigmoid(click), Sigmoid(conversion));
    }

    private static double DriftOf(SimulatedItem item, long time)
    {
        var sum = 0.0;
        for (var i = 0; i < DriftHours.Length; i++)
        {
            sum += Math.Sin((2 * Math.PI * time / (DriftHours[i] * 3_600_000)) + item.DriftPhases[i]);
        }

        // A sine's deviation is √½.
        return DriftSize * sum * Math.Sqrt(2.0 / DriftHours.Length);
    }

    private static double HourOf(long time) => HourEffect * Math.Sin(2 * Math.PI * Math.Floor(time / 3_600_000.0) / 24);

    private static double Match(float[] taste, float[] topic)
    {
        var sum = 0.0;
        for (var i = 0; i < Factors; i++)
        {
            sum += taste[i] * topic[i];
        }

        return sum / Math.Sqrt(Factors);
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
