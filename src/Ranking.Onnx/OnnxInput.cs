namespace Ranking.Onnx;

/// <summary>What an input of the file holds for a candidate.</summary>
public enum OnnxInputKind : byte
{
    /// <summary>[rows], of a list [rows, ids], of a sequence [rows, entries]: numbers of rows of an embedding table; 0 where a row has fewer.</summary>
    TableRows = 0,

    /// <summary>[rows, ids]: how much each id of a list counts; 0 where a row has fewer.</summary>
    Weights = 1,

    /// <summary>[rows]: a transformed number; 0 where missing.</summary>
    Number = 2,

    /// <summary>[rows]: 1 where the number is missing, else 0.</summary>
    Missing = 3,

    /// <summary>[rows, entries]: 1 for each entry of a sequence, then 0.</summary>
    Entries = 4,

    /// <summary>[rows]: the slice whose calibration a row takes, from 1; 0 where it has none.</summary>
    Slice = 5,
}

/// <summary>An input of the file, with one row a candidate: a user's values are repeated, where they are not once a request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="FeatureId">The feature.</param>
/// <param name="Rank">1, or 2 where a row has several.</param>
public sealed record OnnxInput(string Name, OnnxInputKind Kind, int FeatureId, int Rank)
{
    /// <summary>Whether it has one row for all candidates.</summary>
    public bool IsShared { get; init; }

    /// <summary>The embedding table that row numbers are of; null where there is none.</summary>
    public string? Table { get; init; }

    /// <summary>The feature whose unknown row an id without one takes.</summary>
    public int UnknownOf { get; init; }

    /// <summary>The column of a sequence, or −1.</summary>
    public int Column { get; init; } = -1;

    /// <summary>The buffer with the keys of the slices; null for other kinds.</summary>
    public string? Slices { get; init; }
}
