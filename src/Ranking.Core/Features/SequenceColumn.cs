namespace Ranking.Core;

/// <summary>Where the cells of a sequence's column come from.</summary>
public enum SequenceColumnKind : byte
{
    /// <summary>The value that a feature had at the entry's impression.</summary>
    Feature = 0,

    /// <summary>Which outcomes of the entry's impression were visible: bit i is the sequence's i-th.</summary>
    Outcome = 1,

    /// <summary>The time of the entry's impression, Unix milliseconds; the model sees ⌊log₂(1 + its age in seconds)⌋.</summary>
    Age = 2,
}

/// <summary>A column of a sequence: one cell an entry.</summary>
/// <param name="Name">Its name within the sequence.</param>
/// <param name="Kind">Where its cells come from.</param>
/// <param name="Table">The embedding table of its ids: for a feature's values that feature's own.</param>
/// <param name="FeatureId">The feature whose values it has; 0 for the other kinds.</param>
public sealed record SequenceColumn(string Name, SequenceColumnKind Kind, string Table, int FeatureId);
