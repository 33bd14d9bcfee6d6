namespace Ranking.Standalone;

/// <summary>A user: what is true of them, and what can be seen of it.</summary>
internal sealed record SimulatedUser
{
    /// <summary>The user's id.</summary>
    public required string Id { get; init; }

    /// <summary>[<see cref="SimulatedWorld.Factors"/>] what they like.</summary>
    public required float[] Taste { get; init; }

    /// <summary>How readily they click, in logits.</summary>
    public required double Clicking { get; init; }

    /// <summary>How readily they convert, in logits.</summary>
    public required double Buying { get; init; }

    /// <summary>How much they spend; of mean 0 and deviation 1.</summary>
    public required double Budget { get; init; }

    /// <summary>Their segment as seen: sometimes the wrong one.</summary>
    public required string Segment { get; init; }

    /// <summary>An age band, from which the budget can be guessed.</summary>
    public required int AgeBand { get; init; }

    /// <summary>Categories that they said they like.</summary>
    public required string[] Interests { get; init; }
}

/// <summary>An item: what is true of it, and what can be seen of it.</summary>
internal sealed record SimulatedItem
{
    /// <summary>The item's id.</summary>
    public required string Id { get; init; }

    /// <summary>[<see cref="SimulatedWorld.Factors"/>] what it is about.</summary>
    public required float[] Topic { get; init; }

    /// <summary>How much it draws clicks, in logits, before drift.</summary>
    public required double Quality { get; init; }

    /// <summary>How good it is once looked at, in logits of conversion.</summary>
    public required double Worth { get; init; }

    /// <summary>How expensive it is; of mean 0 and deviation 1.</summary>
    public required double PriceLevel { get; init; }

    /// <summary>Where each of its drift's waves begins.</summary>
    public required double[] DriftPhases { get; init; }

    /// <summary>Its category as seen: sometimes the wrong one.</summary>
    public required string Category { get; init; }

    /// <summary>Who made it.</summary>
    public required string Author { get; init; }

    /// <summary>The price as seen.</summary>
    public required double Price { get; init; }

    /// <summary>The mean of its reviews, from which its worth can be guessed.</summary>
    public required double Rating { get; init; }
}

/// <summary>The chances of one impression that an all-knowing model would predict.</summary>
/// <param name="Click">P(click | impression).</param>
/// <param name="Conversion">P(conversion | click).</param>
public readonly record struct TrueProbabilities(double Click, double Conversion)
{
    /// <summary>P(click and conversion | impression).</summary>
    public double Both => Click * Conversion;
}
