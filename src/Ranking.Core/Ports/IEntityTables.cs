namespace Ranking.Core;

/// <summary>The declared entity tables, from which an impression without a served record gets its features.</summary>
/// <remarks>Their contents are part of the fold's input: the same table gives the same examples.</remarks>
public interface IEntityTables
{
    /// <summary>The user's feature record; empty where the tables have none.</summary>
    ReadOnlyMemory<byte> User(string userId);

    /// <summary>The item's feature record; empty where the tables have none.</summary>
    ReadOnlyMemory<byte> Item(string itemId);

    /// <summary>A hash of all of it, which a checkpoint keeps: training goes on with the same tables only. Empty where they hold nothing.</summary>
    ReadOnlyMemory<byte> Hash => default;
}
