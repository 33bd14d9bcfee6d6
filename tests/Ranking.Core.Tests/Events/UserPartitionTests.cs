using System.Text;

namespace Ranking.Core.Tests;

public sealed class UserPartitionTests
{
    // The vectors of Kafka's own test, UtilsTest.testMurmur2.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Murmur2_KafkasVectors_AreTheSame(string key, int expected) =>
        Assert.Equal(expected, (int)UserPartition.Murmur2(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void Of_LongAndNonAsciiKeys_IsTheirUtf8Hash()
    {
        var key = string.Concat(Enumerable.Repeat("größe-日本-", 50));
        Assert.Equal((int)((UserPartition.Murmur2(Encoding.UTF8.GetBytes(key)) & 0x7fffffff) % 7), UserPartition.Of(key, 7));
    }

    [Fact]
    public void Of_ManyUsers_AreSpreadEvenly()
    {
        var counts = Enumerable.Range(0, 40_000).CountBy(user => UserPartition.Of(user.ToString(), 4)).ToDictionary();
        Assert.All(counts.Values, count => Assert.InRange(count, 9_500, 10_500));
    }
}
