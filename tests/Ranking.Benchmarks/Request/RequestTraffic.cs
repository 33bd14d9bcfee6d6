using Google.Protobuf;
using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.FeatureStore;

namespace Ranking.Benchmarks;

/// <summary>Who asks for what: profiles in Redis and requests in a file, candidates drawn by Zipf's law.</summary>
internal sealed class RequestTraffic(TrainingModelR model)
{
    public const int Candidates = 500;
    public const int Items = 200_000;
    public const int Users = 20_000;

    private const int Requests = 2_000;
    private const int Batch = 5_000;

    /// <summary>The id that a user or item has in a feature: they are spread over the tables, other ones in each.</summary>
    public static long IdOf(TrainingModelR model, Feature feature, long number) => number * ((2 * feature.Id) + 1) % model.IdsPerTable;

    /// <summary>One of so many, by Zipf's law of exponent 1: 0 the most frequent.</summary>
    public static int Draw(Random random, int count) => Math.Min(count - 1, (int)Math.Exp(random.NextDouble() * Math.Log(count + 1)) - 1);

    /// <summary>Writes the profile of every user and item, by the server's own store.</summary>
    public async Task WriteProfiles(int redisPort, CancellationToken cancellation)
    {
        await using var store = await RedisFeatureStore.OpenAsync(new RedisSettings { Endpoints = [$"127.0.0.1:{redisPort}"], WriteTimeout = TimeSpan.FromMinutes(1) });
        var users = Enumerable.Range(0, Users).Select(user => Profile(EntityKind.User, $"u{user}", FeatureScope.User, user));
        var items = Enumerable.Range(0, Items).Select(item => Profile(EntityKind.Item, $"i{item}", FeatureScope.Item, item));
        foreach (var batch in users.Concat(items).Chunk(Batch))
            await store.WriteAsync(batch, cancellation);
    }

    /// <summary>Writes the requests, each with 500 different candidates; gives how many items all of them name.</summary>
    public static int WriteRequests(string file)
    {
        var random = new Random(3);
        var drawn = new HashSet<int>();
        using var stream = File.Create(file);
        for (var i = 0; i < Requests; i++)
        {
            var candidates = new HashSet<int>();
            while (candidates.Count < Candidates)
                candidates.Add(Draw(random, Items));
            drawn.UnionWith(candidates);
            new RankRequest
            {
                UserId = $"u{random.Next(Users)}",
                ItemIds = { candidates.OrderBy(_ => random.Next()).Select(item => $"i{item}") },
                Options = new RequestOptions { Log = false },
            }.WriteDelimitedTo(stream);
        }

        return drawn.Count;
    }

    private KeyValuePair<FeatureKey, ReadOnlyMemory<byte>> Profile(EntityKind kind, string id, FeatureScope scope, long number)
    {
        var writer = new FeatureRecordWriter(model.Spec.Schema.Fingerprint);
        foreach (var feature in model.Spec.Schema.Features.Where(feature => feature.Scope == scope))
            writer.Write(feature.Id, IdOf(model, feature, number));
        return new(new FeatureKey(kind, id, FeatureGroup.Profile), writer.ToArray());
    }
}
