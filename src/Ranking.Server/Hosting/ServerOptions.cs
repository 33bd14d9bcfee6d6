using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Ranking.FeatureStore;
using Ranking.Streaming;

namespace Ranking.Server;

/// <summary>The settings of a server: the section <c>Ranking</c> of appsettings.json and of the environment.</summary>
public sealed record ServerOptions
{
    /// <summary>The section's name; in the environment <c>Ranking__ModelStore</c> and so on.</summary>
    public const string Section = "Ranking";

    /// <summary>The folder of the model store.</summary>
    public string ModelStore { get; init; } = "models";

    /// <summary>The models to serve, at least one.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The model for requests that name none; the first of <see cref="Models"/> where unset.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>How often the store is asked for a newer version. 50 ms to 1 hour; default 1 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the statistics of authors, tags and other attributes are brought up to date. 20 ms to 1 minute; default 200 ms.</summary>
    public TimeSpan HistoryPollInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The most attributes whose statistics are kept in memory, some 200 bytes each. 1,000 to 1,000,000,000; default 5,000,000.</summary>
    public int HistoryAttributes { get; init; } = 5_000_000;

    /// <summary>
    /// How many MiB of what depends on items alone each version keeps, so that it is not computed for every request again. 0
    /// (none) to 65,536; default 256. Its memory is taken as items come.
    /// </summary>
    public int ItemCacheMegabytes { get; init; } = 256;

    /// <summary>
    /// How many MiB the server may use: a version that does not fit beside what is in use is refused before it is loaded. 0 is
    /// what the machine or the container has, the default; to 100,000,000.
    /// </summary>
    public int MemoryMegabytes { get; init; }

    /// <summary>
    /// The share of a core that a new version may take to be warmed with requests of late while the one before it is served, once
    /// <see cref="SwapPatience"/> is over. 0.01 to 1; default 0.25.
    /// </summary>
    public double WarmUpShare { get; init; } = 0.25;

    /// <summary>
    /// How long a new version is loaded and warmed in what requests leave of the processors, before it takes a little of theirs.
    /// 0 to 1 hour; default 30 s. With 0 it takes a little at once, as it should where other programs share the processors without
    /// a container of their own: collections of the managed heap wait for a thread that they keep from running.
    /// </summary>
    public TimeSpan SwapPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many pinned versions of each model are kept beside the served one, 0 to 16; default 2.</summary>
    public int SideLoadedVersions { get; init; } = 2;

    /// <summary>The most candidates of one request, 1 to 100,000; default 2,000.</summary>
    public int MaxCandidates { get; init; } = 2_000;

    /// <summary>The largest message taken, 1 KiB to 256 MiB; default 4 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The deadline of a request that sets none. 1 ms to 1 minute; default 1 s.</summary>
    public TimeSpan DefaultDeadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long before a request's deadline scoring ends, so that an answer with the candidates that were scored is there in
    /// time. 0 to 1 s; default 5 ms.
    /// </summary>
    public TimeSpan DeadlineMargin { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How much work, as time until it is done, may lie ahead of a request; with more it is refused at once with
    /// RESOURCE_EXHAUSTED, as it is where its deadline leaves less time. 1 ms to 1 minute; default 500 ms.
    /// </summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the server still takes requests after SIGTERM, not being ready any more. 0 to 5 minutes; default 3 s.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long requests in flight have after that. 1 s to 5 minutes; default 20 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The longest time that compiling what requests run may take before the server is ready. 0 to 5 minutes; default 30 s,
    /// of which a core of its own needs about one, and some where the server was built but not published.
    /// </summary>
    public TimeSpan WarmUpLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The share of candidates not returned that served records keep, chosen by a hash of request and item: what evaluation
    /// of another policy needs, at the price of their features in the log. 0 to 1; default 0.02.
    /// </summary>
    public double RestSamplingRate { get; init; } = 0.02;

    /// <summary>The feature store.</summary>
    public RedisSettings Redis { get; init; } = new();

    /// <summary>Where served records and events go; null is nowhere: the server then only serves.</summary>
    public KafkaSettings? Kafka { get; init; }

    /// <summary>The settings of the section <see cref="Section"/>; what it leaves out has its default.</summary>
    public static ServerOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var options = section.Get<ServerOptions>() ?? new ServerOptions();

        // The binder adds a list's entries to the default's instead of replacing them.
        return section.GetSection("Redis:Endpoints").Get<string[]>() is { } endpoints
            ? options with { Redis = options.Redis with { Endpoints = endpoints } }
            : options;
    }

    /// <summary>Every fault of the settings, each with the setting, its value and the fix; empty when there is none.</summary>
    public ImmutableArray<string> Validate()
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        Check(Models.Count > 0, "Models is empty: name at least one model, for example Ranking__Models__0=ctr.");
        Check(Models.Distinct().Count() == Models.Count, $"Models is [{string.Join(", ", Models)}]: name each model once.");
        Check(DefaultModel is null || Models.Contains(DefaultModel), $"DefaultModel is '{DefaultModel}', which is not among Models [{string.Join(", ", Models)}].");
        Check(ModelStore.Length > 0, "ModelStore is empty: give the folder of the model store.");
        CheckNumber(nameof(ItemCacheMegabytes), ItemCacheMegabytes, 0, 65_536);
        CheckNumber(nameof(MemoryMegabytes), MemoryMegabytes, 0, 100_000_000);
        Check(WarmUpShare is >= 0.01 and <= 1, $"WarmUpShare is {WarmUpShare}: give 0.01 to 1.");
        CheckTime(nameof(SwapPatience), SwapPatience, TimeSpan.Zero, TimeSpan.FromHours(1));
        CheckNumber(nameof(SideLoadedVersions), SideLoadedVersions, 0, 16);
        CheckNumber(nameof(MaxCandidates), MaxCandidates, 1, 100_000);
        CheckNumber(nameof(MaxMessageBytes), MaxMessageBytes, 1024, 256 * 1024 * 1024);
        CheckTime(nameof(PollInterval), PollInterval, TimeSpan.FromMilliseconds(50), TimeSpan.FromHours(1));
        CheckTime(nameof(HistoryPollInterval), HistoryPollInterval, TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1));
        CheckNumber(nameof(HistoryAttributes), HistoryAttributes, 1_000, 1_000_000_000);
        CheckTime(nameof(DefaultDeadline), DefaultDeadline, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        CheckTime(nameof(DeadlineMargin), DeadlineMargin, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        CheckTime(nameof(QueueLimit), QueueLimit, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        CheckTime(nameof(DrainDelay), DrainDelay, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        CheckTime(nameof(DrainTimeout), DrainTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        CheckTime(nameof(WarmUpLimit), WarmUpLimit, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Check(RestSamplingRate is >= 0 and <= 1, $"RestSamplingRate is {RestSamplingRate}: give 0 to 1.");
        faults.AddRange(Redis.Validate().Select(fault => $"Redis.{fault}"));
        // The binder leaves a required setting null where others of its section are given.
        Check(Kafka is null or { BootstrapServers: not null }, "Kafka.BootstrapServers is not set while other settings of Kafka are: give host:port.");
        faults.AddRange((Kafka?.BootstrapServers is null ? [] : Kafka.Validate()).Select(fault => $"Kafka.{fault}"));
        return faults.ToImmutable();

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }

        void CheckNumber(string name, int value, int least, int most) =>
            Check(value >= least && value <= most, $"{name} is {value}: give {least} to {most}.");

        void CheckTime(string name, TimeSpan value, TimeSpan least, TimeSpan most) =>
            Check(value >= least && value <= most, $"{name} is {value}: give {least} to {most}.");
    }
}
