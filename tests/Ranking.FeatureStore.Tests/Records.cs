using Ranking.Core;

namespace Ranking.FeatureStore.Tests;

/// <summary>Keys and records to write and read.</summary>
internal static class Records
{
    public static FeatureKey Item(int id) => new(EntityKind.Item, $"item-{id}", FeatureGroup.Profile);

    /// <summary>A record with one feature of that value.</summary>
    public static byte[] Of(long value)
    {
        var writer = new FeatureRecordWriter(7);
        writer.Write(1, value);
        return writer.ToArray();
    }

    public static async Task<FeatureValue[]> Read(this IFeatureStore store, params FeatureKey[] keys)
    {
        var values = new FeatureValue[keys.Length];
        await store.ReadAsync(keys, values, TestContext.Current.CancellationToken);
        return values;
    }

    public static ValueTask Write(this IFeatureStore store, params (FeatureKey Key, byte[] Record)[] records) =>
        store.WriteAsync([.. records.Select(record => KeyValuePair.Create(record.Key, new ReadOnlyMemory<byte>(record.Record)))],
            TestContext.Current.CancellationToken);

    /// <summary>Settings for tests: patient, since the machine may be busy.</summary>
    public static RedisSettings SettingsFor(string endpoint) => new()
    {
        Endpoints = endpoint.Split(','),
        Namespace = Guid.NewGuid().ToString("N"),
        ReadTimeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Waits until something comes true.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        var deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20);
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "it did not come true within 20 s");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
