namespace Ranking.Core;

/// <summary>How a value is written in a feature record.</summary>
public enum FeatureValueType : byte
{
    /// <summary>Zig-zag varint.</summary>
    Integer = 1,

    /// <summary>Length (varint) and UTF-8.</summary>
    Text = 2,

    /// <summary>8 bytes, little endian.</summary>
    Number = 3,

    /// <summary>Count and integers.</summary>
    IntegerList = 4,

    /// <summary>Count and texts.</summary>
    TextList = 5,

    /// <summary>Count, integers, weights.</summary>
    WeightedIntegerList = 6,

    /// <summary>Count, texts, weights.</summary>
    WeightedTextList = 7,

    /// <summary>
    /// Length in bytes, count of entries, count of columns, then entry by entry each column's cell: its type (1 byte, 0
    /// where missing) and its value. Types from here on begin with their length, so that a reader skips what it does not know.
    /// </summary>
    Sequence = 8,
}
