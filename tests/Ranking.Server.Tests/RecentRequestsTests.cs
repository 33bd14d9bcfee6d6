using Microsoft.Extensions.Time.Testing;

namespace Ranking.Server.Tests;

public sealed class RecentRequestsTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Offer_SeveralAtOnce_KeepsOne()
    {
        var recent = new RecentRequests(time);
        time.Advance(TimeSpan.FromSeconds(1));
        for (var number = 0; number < 10; number++)
        {
            recent.Offer("main", Features(number));
        }

        Assert.Equal(0, Assert.Single(recent.Of("main")).Time);
        Assert.Empty(recent.Of("other"));
    }

    [Fact]
    public void Offer_MoreThanAreKept_KeepsTheNewest()
    {
        var recent = new RecentRequests(time);
        for (var number = 0; number < 2 * RecentRequests.Most; number++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            recent.Offer("main", Features(number));
        }

        Assert.Equal(
            Enumerable.Range(RecentRequests.Most, RecentRequests.Most).Select(number => (long)number), recent.Of("main").Select(features => features.Time).Order());
    }

    private static ServedFeatures Features(long number) => new(number, default, default, [], []);
}
