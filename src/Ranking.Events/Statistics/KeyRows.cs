namespace Ranking.Events;

/// <summary>Where statistics find the numbers of a key: in the fold itself, or in what was stored of it.</summary>
internal interface IKeyRows
{
    /// <summary>The numbers of a key as of a time; empty where it has none.</summary>
    ReadOnlySpan<double> Row(KeyTable table, ulong key, long time);
}

/// <summary>The rows of the tables themselves.</summary>
internal sealed class FoldedRows : IKeyRows
{
    public ReadOnlySpan<double> Row(KeyTable table, ulong key, long time) => table.Read(key, time);
}
