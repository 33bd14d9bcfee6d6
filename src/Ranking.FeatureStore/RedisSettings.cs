using System.Collections.Immutable;

namespace Ranking.FeatureStore;

/// <summary>How to reach Redis and how to keep features there.</summary>
public sealed record RedisSettings
{
    /// <summary><c>host:port</c> of one server, or of some nodes of one cluster; at least one.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = ["localhost:6379"];

    /// <summary>The ACL user; null is Redis' default user.</summary>
    public string? User { get; init; }

    /// <summary>The password; null is none.</summary>
    public string? Password { get; init; }

    /// <summary>Whether connections are encrypted.</summary>
    public bool Tls { get; init; }

    /// <summary>
    /// A PEM file with the authority that signed the servers' certificates; null trusts those of the system.
    /// </summary>
    public string? TlsAuthorityFile { get; init; }

    /// <summary>The first part of every key, so that several installations can share a server. Without <c>:</c>.</summary>
    public string Namespace { get; init; } = "ranking";

    /// <summary>How long a written record lives without being written again. 1 second to 10 years; default 30 days.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a read waits before its keys count as unavailable. 1 ms to 1 minute; default 20 ms.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a write waits. 1 ms to 10 minutes; default 5 s.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one attempt to connect lasts. 1 ms to 1 minute; default 1 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections to each server, used in turn. 2 to 64, since one stalls behind its own large replies.</summary>
    public int Connections { get; init; } = 2;

    /// <summary>
    /// Memory for records in the process, MiB; 0 keeps none. 0 to 65,536; default 64: some 400,000 records of a hundred
    /// bytes.
    /// </summary>
    public int CacheMegabytes { get; init; } = 64;

    /// <summary>How long a record is kept. 1 ms to 1 day; default 1 minute.</summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long it is remembered that there is no record. 1 ms to 1 day; default 5 s.</summary>
    public TimeSpan CacheMissingFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long statistics and sequences are kept. 1 ms to 1 minute; default 200 ms: what it adds to their age at most.</summary>
    public TimeSpan CacheHistoryFor { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Every fault of the settings, each with the setting, its value and the fix; empty when there is none.</summary>
    public ImmutableArray<string> Validate()
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        Check(Endpoints.Count > 0, "Endpoints is empty: give at least one host:port.");
        foreach (var endpoint in Endpoints)
        {
            Check(IsEndpoint(endpoint), $"Endpoints has '{endpoint}': write host:port, for example localhost:6379.");
        }

        Check(Namespace.Length is > 0 and <= 64 && !Namespace.Contains(':'), $"Namespace is '{Namespace}': give 1 to 64 characters without ':'.");
        Check(TlsAuthorityFile is null || Tls, "TlsAuthorityFile is set while Tls is false: set Tls to true or leave the file out.");
        Check(TlsAuthorityFile is null || File.Exists(TlsAuthorityFile), $"TlsAuthorityFile is '{TlsAuthorityFile}', which does not exist.");
        Check(User is null || Password is not null, "User is set and Password is not: an ACL user needs its password.");
        Check(Connections is >= 2 and <= 64, $"Connections is {Connections}: give 2 to 64.");
        Check(CacheMegabytes is >= 0 and <= 65_536, $"CacheMegabytes is {CacheMegabytes}: give 0 to 65536.");
        CheckTime(nameof(TimeToLive), TimeToLive, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3653));
        CheckTime(nameof(ReadTimeout), ReadTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        CheckTime(nameof(WriteTimeout), WriteTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        CheckTime(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        CheckTime(nameof(CacheFor), CacheFor, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        CheckTime(nameof(CacheMissingFor), CacheMissingFor, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        CheckTime(nameof(CacheHistoryFor), CacheHistoryFor, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        return faults.ToImmutable();

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }

        void CheckTime(string name, TimeSpan value, TimeSpan least, TimeSpan most) =>
            Check(value >= least && value <= most, $"{name} is {value}: give {least} to {most}.");
    }

    private static bool IsEndpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0;
    }
}
