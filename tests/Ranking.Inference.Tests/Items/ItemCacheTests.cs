namespace Ranking.Inference.Tests;

public sealed unsafe class ItemCacheTests
{
    private const int Width = 5;

    [Fact]
    public void TryHold_WhatWasWritten_IsThere()
    {
        using var cache = new ItemCache(Width, 1 << 20);
        var item = new float[Width];

        Assert.False(TryRead(cache, 7, item));
        cache.Write(7, Of(7), isUnknown: false);
        Assert.True(TryRead(cache, 7, item));

        Assert.Equal(Of(7), item);
    }

    [Fact]
    public void TryHold_KeyZero_IsThereOnlyOnceItWasWritten()
    {
        using var cache = new ItemCache(Width, 1 << 20);

        Assert.False(TryRead(cache, 0, new float[Width]));
        cache.Write(0, Of(0), isUnknown: false);
        Assert.True(TryRead(cache, 0, new float[Width]));
    }

    [Fact]
    public void Write_NinthOfASet_GivesUpTheOneReadLongestAgo()
    {
        using var cache = new ItemCache(Width, 1);
        for (ulong key = 1; key <= 8; key++)
        {
            cache.Write(key, Of(key), isUnknown: false);
        }

        Assert.True(TryRead(cache, 1, new float[Width]));
        cache.Write(9, Of(9), isUnknown: false);

        Assert.Equal([2ul], Enumerable.Range(1, 9).Select(key => (ulong)key).Where(key => !TryRead(cache, key, new float[Width])));
    }

    [Fact]
    public void TryShare_OfTheSameSize_IsTheSameUntilTheLastOwnerIsGone()
    {
        var cache = new ItemCache(Width, 1 << 20);
        cache.Write(7, Of(7), isUnknown: false);

        var shared = cache.TryShare(Width, 1 << 20);
        cache.Dispose();

        Assert.Same(cache, shared);
        Assert.True(TryRead(shared!, 7, new float[Width]));
        shared!.Dispose();
    }

    [Fact]
    public void TryShare_OfAnotherSize_IsNot()
    {
        using var cache = new ItemCache(Width, 1 << 20);
        Assert.Null(cache.TryShare(Width + 1, 1 << 20));
        Assert.Null(cache.TryShare(Width, 2 << 20));
    }

    [Fact]
    public void TryHold_WhileOthersWrite_NeverMixesItems()
    {
        using var cache = new ItemCache(Width, 4_000);
        var (mixed, found) = (0, 0);
        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            var item = new float[Width];
            for (var i = 0; i < 20_000; i++)
            {
                // The upper half of the bits of a UInt128 does not choose the set.
                var key = new UInt128(0, (ulong)random.Next(200) << 55);
                if (TryRead(cache, key, item))
                {
                    Interlocked.Increment(ref found);
                    Interlocked.Add(ref mixed, item.AsSpan().SequenceEqual(Of((ulong)key)) ? 0 : 1);
                }
                else
                {
                    cache.Write(key, Of((ulong)key), isUnknown: false);
                }
            }
        });

        Assert.Equal(0, mixed);
        Assert.InRange(found, 1000, (8 * 20_000) - 1000);
    }

    [Fact]
    public void Write_AllPlacesOfASetAreHeld_GivesUpNoneUntilOneIsLetGo()
    {
        using var cache = new ItemCache(Width, 1);
        var holds = new nint[8];
        for (var key = 0; key < 8; key++)
        {
            cache.Write((UInt128)key, Of((ulong)key), isUnknown: false);
            Assert.True(cache.TryHold((UInt128)key, out holds[key], out _) != null);
        }

        cache.Write(8, Of(8), isUnknown: false);
        Assert.False(TryRead(cache, 8, new float[Width]));

        ItemCache.LetGo(holds[5]);
        cache.Write(8, Of(8), isUnknown: false);

        Assert.True(TryRead(cache, 8, new float[Width]));
        Assert.Equal([5], Enumerable.Range(0, 9).Where(key => !TryRead(cache, (UInt128)key, new float[Width])));
    }

    [Fact]
    public void TryHold_UnknownItem_SaysSoUntilItsPlaceIsAnothers()
    {
        using var cache = new ItemCache(Width, 1);
        cache.Write(1, Of(1), isUnknown: true);
        cache.Write(2, Of(2), isUnknown: false);
        Assert.Equal([true, false], new UInt128[] { 1, 2 }.Select(IsUnknown));

        for (ulong key = 11; key <= 18; key++)
        {
            cache.Write(key, Of(key), isUnknown: key == 15);
        }

        Assert.Equal([15], Enumerable.Range(11, 8).Where(key => IsUnknown((UInt128)key)));

        bool IsUnknown(UInt128 key)
        {
            Assert.True(cache.TryHold(key, out var hold, out var isUnknown) != null);
            ItemCache.LetGo(hold);
            return isUnknown;
        }
    }

    private static bool TryRead(ItemCache cache, UInt128 key, float[] item)
    {
        var values = cache.TryHold(key, out var hold, out _);
        if (values == null)
        {
            return false;
        }

        new ReadOnlySpan<float>(values, Width).CopyTo(item);
        ItemCache.LetGo(hold);
        return true;
    }

    private static float[] Of(ulong key) => [.. Enumerable.Range(0, Width).Select(number => (key >> 50) + (float)(key % 100) + (number / 8f))];
}
