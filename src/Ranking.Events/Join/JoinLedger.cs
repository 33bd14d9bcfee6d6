using Ranking.Core;

namespace Ranking.Events;

/// <summary>Counts records as they come in and are settled, and passes the settlements on.</summary>
internal sealed class JoinLedger(IJoinOutput output)
{
    private readonly long[] received = new long[4];
    private readonly long[] settled = new long[16];
    private long reconstructed;

    public JoinCounts Counts => new([.. received], [.. settled], reconstructed);

    public void Receive(RecordKind kind) => received[(int)kind]++;

    public void Reconstruct() => reconstructed++;

    public void Settle(LogPosition position, RecordKind kind, Disposition disposition, OrphanReason reason = OrphanReason.None) =>
        Settle(new Settlement(position, kind, disposition, reason));

    public void Settle(in Settlement settlement)
    {
        settled[((int)settlement.Kind * 4) + (int)settlement.Disposition]++;
        output.Settled(settlement);
    }

    public void Write(BinaryWriter writer)
    {
        Array.ForEach(received, writer.Write);
        Array.ForEach(settled, writer.Write);
        writer.Write(reconstructed);
    }

    public void Read(BinaryReader reader)
    {
        for (var i = 0; i < received.Length; i++)
        {
            received[i] = reader.ReadInt64();
        }

        for (var i = 0; i < settled.Length; i++)
        {
            settled[i] = reader.ReadInt64();
        }

        reconstructed = reader.ReadInt64();
    }
}
