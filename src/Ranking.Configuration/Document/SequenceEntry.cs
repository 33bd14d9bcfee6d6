using System.ComponentModel.DataAnnotations;

namespace Ranking.Configuration;

/// <summary>The newest of each user's past impressions or outcomes, with aligned columns: a feature of the user.</summary>
internal sealed record SequenceEntry
{
    /// <summary>The sequence's number; a hash of name, columns and outcomes where not given. A sequence of others needs another.</summary>
    [Range(1, FeatureIds.LastExplicit)]
    public int? Id { get; init; }

    /// <summary>What the entries are: impression, or an outcome.</summary>
    public string Of { get; init; } = Core.StatisticSpec.Impression;

    /// <summary>How many entries are kept, the newest.</summary>
    [Range(1, 1000)]
    public int Last { get; init; } = 50;

    /// <summary>
    /// What is kept of an entry: categorical features of the item, the pair or the request as they were, of a list its first
    /// value; outcome, which outcomes followed; age, the time since, by powers of two.
    /// </summary>
    public required List<string> Columns { get; init; }

    /// <summary>The outcomes that the column outcome tells apart; those of the tasks where not given.</summary>
    public List<string>? Outcomes { get; init; }

    /// <summary>Whether the model weighs the entries for each candidate; where not, the sequence is recorded only.</summary>
    public bool Attend { get; init; } = true;

    /// <summary>How much later than its impression an event is seen; an outcome is never seen before it happens.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>How long a user's entries live without a new one.</summary>
    public TimeSpan Expire { get; init; } = TimeSpan.FromDays(90);
}
