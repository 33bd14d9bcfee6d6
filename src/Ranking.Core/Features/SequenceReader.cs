namespace Ranking.Core;

/// <summary>Walks the cells of a sequence: those of the first entry, column by column, then the next entry's.</summary>
/// <remarks>Reading throws <see cref="FormatException"/> on a value that is cut short.</remarks>
public ref struct SequenceReader
{
    private ReadOnlySpan<byte> rest;

    /// <param name="value">The value of a <see cref="FeatureValueType.Sequence"/>, as the record's reader gives it.</param>
    public SequenceReader(ReadOnlySpan<byte> value)
    {
        rest = FeatureRecordReader.TakeText(ref value);
        var (entries, columns) = (FeatureRecordReader.TakeVarint(ref rest), FeatureRecordReader.TakeVarint(ref rest));

        // Every cell has its type at least.
        if (UInt128.CreateChecked(entries) * columns > (ulong)rest.Length || Math.Max(entries, columns) > int.MaxValue)
        {
            throw FeatureRecordReader.CutShort();
        }

        (Entries, Columns) = ((int)entries, (int)columns);
    }

    /// <summary>How many entries there are, the newest first.</summary>
    public int Entries { get; }

    /// <summary>Cells an entry.</summary>
    public int Columns { get; }

    /// <summary>The current cell's type; 0 where it is missing.</summary>
    public FeatureValueType Type { get; private set; }

    /// <summary>The current cell's bytes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Moves to the next cell, which there must be.</summary>
    public void Read()
    {
        if (rest.IsEmpty)
        {
            throw FeatureRecordReader.CutShort();
        }

        Type = (FeatureValueType)rest[0];
        rest = rest[1..];
        var length = Type == 0 ? 0 : FeatureRecordReader.LengthOf(Type, rest);
        if (length > rest.Length)
        {
            throw FeatureRecordReader.CutShort();
        }

        Value = rest[..length];
        rest = rest[length..];
    }
}
