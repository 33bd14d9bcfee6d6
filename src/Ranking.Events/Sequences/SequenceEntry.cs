namespace Ranking.Events;

/// <summary>An entry of a user's sequence.</summary>
/// <param name="Impression">What tells its impression from the user's others.</param>
/// <param name="Before">The cells before the outcome's; all where the sequence has no such column.</param>
/// <param name="After">The cells after the outcome's.</param>
/// <param name="Outcomes">The outcomes that are visible, by bit.</param>
internal readonly record struct SequenceEntry(ulong Impression, byte[] Before, byte[] After, uint Outcomes)
{
    public void Write(EntryWriter to)
    {
        to.Write(Impression);
        to.WriteBlock(Before);
        to.WriteBlock(After);
        to.Write(Outcomes);
    }

    public static SequenceEntry Read(EntryReader from) => new(from.ReadUInt64(), from.ReadBlock(), from.ReadBlock(), from.ReadUInt32());
}
