namespace Ranking.Testing.Tests;

public sealed class FreePortTests
{
    [Fact]
    public void Next_SomeAreNotYetListenedOn_GivesOthers()
    {
        // Of 6,000: by chance none of the second 300 would be among the first once in millions of times.
        var ports = FreePort.Next(300).Concat(FreePort.Next(300));

        Assert.Equal(600, ports.Distinct().Count());
    }
}
