using Ranking.Models;

namespace Ranking.Learning.Tests;

public sealed class EmbeddingTableTests
{
    [Fact]
    public void Sight_BelowTheDeclaredNumber_GivesNoRow()
    {
        using var table = Table(admitAfter: 3, expireAfter: null);

        Assert.False(table.Sight(42, 1));
        Assert.False(table.Sight(42, 1));
        Assert.Equal(-1, table.Rows.Find(42));
        Assert.True(table.Sight(42, 1));

        Assert.True(table.Rows.Find(42) >= 0);
        Assert.Equal(0, table.Sightings.Count);
    }

    [Fact]
    public void Sweep_AfterTheDeclaredTime_GivesUpRowsAndSightingsButNotReservedRows()
    {
        using var table = Table(admitAfter: 2, expireAfter: TimeSpan.FromSeconds(100));
        table.Sight(42, 1000);
        table.Sight(42, 1000);
        table.Sight(43, 1000);

        Assert.Equal(0, table.Sweep(1100));
        Assert.Equal(1, table.Sweep(1101));

        Assert.Equal(-1, table.Rows.Find(42));
        Assert.Equal(0, table.Sightings.Count);
        Assert.True(table.Rows.Find(7) >= 0);
    }

    [Fact]
    public void Sight_InAnotherOrder_GivesTheSameNumbers()
    {
        using var one = Table(1, null);
        using var other = Table(1, null);
        foreach (var key in (ulong[])[10, 11, 12])
        {
            one.Sight(key, 1);
        }

        foreach (var key in (ulong[])[12, 10, 11])
        {
            other.Sight(key, 1);
        }

        Assert.Equal(one.Rows.Values(one.Rows.Find(11)).ToArray(), other.Rows.Values(other.Rows.Find(11)).ToArray());
        Assert.NotEqual(one.Rows.Values(one.Rows.Find(11)).ToArray(), one.Rows.Values(one.Rows.Find(12)).ToArray());
    }

    private static EmbeddingTable Table(int admitAfter, TimeSpan? expireAfter) => new(
        "t", new EmbeddingTableSpec { Name = "t", Dimension = 4, AdmitAfter = admitAfter, ExpireAfter = expireAfter }, [7, 8], new TrainingSpec());
}
