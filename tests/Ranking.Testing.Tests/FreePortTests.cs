namespace Ranking.Testing.Tests;

public sealed class FreePortTests
{
    [Fact]
    public void Next_SomeAreNotYetListenedOn_GivesOthers()
    {
        // Of 6,000: by chance no two of 600 would be the same once in ten million times.
        var ports = FreePort.Next(300).Concat(FreePort.Next(300));

        Assert.Equal(600, ports.Distinct().Count());
    }
}
