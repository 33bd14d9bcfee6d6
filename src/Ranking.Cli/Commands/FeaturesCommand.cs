using System.CommandLine;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.FeatureStore;
using Ranking.Files;

namespace Ranking.Cli;

/// <summary><c>ranking features</c>.</summary>
internal static class FeaturesCommand
{
    private const int ChunkSize = 1_000;

    private const string LoadDescription = """
        Writes the profiles of users and items from the job's tables (CSV, JSON lines, Parquet) into Redis.

        Examples:
          ranking features load --redis localhost:6379
          ranking features load --job deploy/samples/kuairand.yaml
        """;

    private const string GetDescription = """
        Shows the stored profile of a user or an item.

        Examples:
          ranking features get user 42
          ranking features get item v7 --output json
        """;

    public static Command Create() => new("features", "The profiles of users and items in Redis.") { Load(), Get() };

    private static Command Load()
    {
        var job = SharedOptions.Job();
        var redis = SharedOptions.Redis();
        var output = SharedOptions.Output();
        return new Command("load", LoadDescription) { job, redis, output }.Runs(async (parsed, cancellation) =>
        {
            var spec = JobFile.Load(parsed.GetRequiredValue(job));
            var sources = spec.Sources ?? throw new ArgumentException($"{parsed.GetValue(job)} declares no sources with users or items.");
            await using var store = await RedisFeatureStore.OpenAsync(SharedOptions.RedisSettings(spec, parsed.GetValue(redis)));
            var loaded = await ProgressBar.RunStagesAsync(parsed, "Loading users", async stages =>
            {
                IEnumerable<EntityRow> Rows(EntityKind kind, string stage) => EntityTable.Read(sources, kind, spec.Model.Schema, stages.Of(stage));
                return new[]
                {
                    await LoadAsync(stages.Tell, store, EntityKind.User, Rows(EntityKind.User, "Loading users"), cancellation),
                    await LoadAsync(stages.Tell, store, EntityKind.Item, Rows(EntityKind.Item, "Loading items"), cancellation),
                };
            });

            Results.Write(parsed, parsed.GetValue(output), loaded, ("entity", row => row.Entity), ("written", row => $"{row.Written}"), ("left out", row => $"{row.Faulty}"));
            return loaded.Any(row => row.Faulty > 0) ? ExitCode.Failed : ExitCode.Ok;
        });
    }

    private static async Task<LoadedEntities> LoadAsync(Action<string> tell, RedisFeatureStore store, EntityKind kind, IEnumerable<EntityRow> rows, CancellationToken cancellation)
    {
        long written = 0, faulty = 0;
        foreach (var chunk in rows.Chunk(ChunkSize))
        {
            foreach (var row in chunk.Where(row => row.Fault is not null))
            {
                faulty++;
                tell(row.Fault!);
            }

            KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>[] good =
            [
                .. chunk.Where(row => row.Fault is null).Select(row => KeyValuePair.Create(new FeatureKey(kind, row.Id, FeatureGroup.Profile), row.Record)),
            ];
            await store.WriteAsync(good, cancellation);
            written += good.Length;
        }

        return new LoadedEntities($"{kind}".ToLowerInvariant(), written, faulty);
    }

    private static Command Get()
    {
        var entity = new Argument<EntityKind>("entity") { Description = "user or item" };
        var id = new Argument<string>("id") { Description = "The entity's id." };
        var job = SharedOptions.Job();
        var redis = SharedOptions.Redis();
        var output = SharedOptions.Output();
        return new Command("get", GetDescription) { entity, id, job, redis, output }.Runs(async (parsed, cancellation) =>
        {
            var spec = JobFile.Load(parsed.GetRequiredValue(job));
            var settings = SharedOptions.RedisSettings(spec, parsed.GetValue(redis));
            // A person waits longer than a request does.
            await using var store = await RedisFeatureStore.OpenAsync(settings with { ReadTimeout = settings.WriteTimeout });
            var values = new FeatureValue[1];
            await store.ReadAsync(new[] { new FeatureKey(parsed.GetValue(entity), parsed.GetRequiredValue(id), FeatureGroup.Profile) }, values, cancellation);
            if (values[0].Status == FeatureStatus.Unavailable)
            {
                throw new TimeoutException($"Redis at {string.Join(", ", settings.Endpoints)} did not answer: start it, or correct Endpoints (--redis) and the login.");
            }

            if (values[0].Status == FeatureStatus.Missing)
            {
                throw new InvalidOperationException($"the store has no {$"{parsed.GetValue(entity)}".ToLowerInvariant()} '{parsed.GetValue(id)}'.");
            }

            Results.Write(
                parsed, parsed.GetValue(output), RecordView.Read(spec.Model.Schema, values[0].Record.Span),
                ("feature", row => row.Feature), ("value", row => row.Value));
            return ExitCode.Ok;
        });
    }

    private sealed record LoadedEntities(string Entity, long Written, long Faulty);
}
