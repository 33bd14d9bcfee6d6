namespace Ranking.FeatureStore.Tests;

public class RedisSettingsTests
{
    [Fact]
    public void Validate_Defaults_NoFault() => Assert.Empty(new RedisSettings().Validate());

    [Fact]
    public void Validate_ManyFaults_ReportsEach()
    {
        var faults = new RedisSettings
        {
            Endpoints = ["localhost", "localhost:70000"],
            User = "reader",
            TlsAuthorityFile = "/no/such/file",
            Namespace = "a:b",
            TimeToLive = TimeSpan.Zero,
            Connections = 1,
            CacheMegabytes = -1,
        }.Validate();

        string[] expected = ["'localhost'", "'localhost:70000'", "Namespace", "Tls is false", "does not exist", "User", "Connections", "CacheMegabytes", "TimeToLive"];
        Assert.Equal(expected.Length, faults.Length);
        Assert.All(expected.Zip(faults), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(65_536, 0)]
    [InlineData(65_537, 1)]
    public void Validate_CacheMegabytes_AreInTheirRange(int megabytes, int faults) =>
        Assert.Equal(faults, new RedisSettings { CacheMegabytes = megabytes }.Validate().Length);

    [Fact]
    public async Task OpenAsync_FaultySettings_ThrowsWithEveryFault()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => RedisFeatureStore.OpenAsync(new RedisSettings { Endpoints = [], Connections = 0 }));

        Assert.Contains("Endpoints", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Connections", failure.Message, StringComparison.Ordinal);
    }
}
