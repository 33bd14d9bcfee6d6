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

        Assert.Equal(0, Assert.Single(KeptOf(recent)).Time);
        Assert.Empty(recent.Of("other"));
    }

    [Fact]
    public void Offer_MoreThanAreKept_KeepsTheNewestAndGivesThemFirst()
    {
        var recent = new RecentRequests(time);
        for (var number = 0; number < 2 * RecentRequests.Most; number++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            recent.Offer("main", Features(number));
        }

        Assert.Equal(
            Enumerable.Range(RecentRequests.Most, RecentRequests.Most).Reverse().Select(number => (long)number), KeptOf(recent).Select(features => features.Time));
    }

    [Fact]
    public void Offer_ARequest_KeepsACopyOfItsRecords()
    {
        var recent = new RecentRequests(time);
        time.Advance(TimeSpan.FromSeconds(1));
        byte[][] records = [.. Enumerable.Range(0, 1_000).Select(number => Enumerable.Repeat((byte)number, number % 200).ToArray()), new byte[100_000]];
        ReadOnlyMemory<byte>[] items = [.. records.Select(record => (ReadOnlyMemory<byte>)record.ToArray())];
        var read = new byte[] { 1, 2, 3 };
        recent.Offer("main", new ServedFeatures(7, read, default, items, items[5..10]));
        read[0] = 9;

        var kept = Assert.Single(KeptOf(recent));

        Assert.Equal([1, 2, 3], kept.User.ToArray());
        Assert.True(kept.Context.IsEmpty);
        Assert.Equal(records, kept.Items.Select(item => item.ToArray()));
        Assert.Equal(records[5..10], kept.Pairs.Select(pair => pair.ToArray()));
    }

    [Fact]
    public void Put_AnotherRequestThere_TakesItsPlaceUnlessItIsInUse()
    {
        var kept = new KeptRequest();
        kept.Put(new ServedFeatures(1, new byte[] { 1, 2 }, new byte[] { 3 }, [new byte[] { 4, 5, 6 }, new byte[] { 7 }], []));
        kept.Put(new ServedFeatures(2, new byte[] { 8 }, default, [new byte[] { 9 }], [new byte[] { 10, 11 }]));
        var seen = 0L;

        kept.Use(features =>
        {
            var other = new Thread(() => kept.Put(Features(3)));
            other.Start();
            other.Join();
            seen = features.Time;
            Assert.Equal([8], features.User.ToArray());
            Assert.Equal([9], Assert.Single(features.Items).ToArray());
            Assert.Equal([10, 11], Assert.Single(features.Pairs).ToArray());
        });

        Assert.Equal(2, seen);
        kept.Use(features => Assert.Equal(2, features.Time));
    }

    private static List<ServedFeatures> KeptOf(RecentRequests recent)
    {
        var found = new List<ServedFeatures>();
        foreach (var request in recent.Of("main"))
        {
            request.Use(found.Add);
        }

        return found;
    }

    private static ServedFeatures Features(long number) => new(number, default, default, [], []);
}
