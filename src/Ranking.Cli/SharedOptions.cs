using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Ranking.Configuration;
using Ranking.FeatureStore;
using Ranking.Streaming;

namespace Ranking.Cli;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>A table for people.</summary>
    Table = 0,

    /// <summary>One JSON value.</summary>
    Json = 1,
}

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    /// <summary>The job file.</summary>
    public static Option<string> Job() => new("--job", "-j")
    {
        Description = "The job file.",
        DefaultValueFactory = _ => "ranking.yaml",
    };

    /// <summary>How results are written.</summary>
    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "How the result is written: table or json.",
        DefaultValueFactory = _ => OutputFormat.Table,
    };

    /// <summary>Refuses numbers outside of a range.</summary>
    public static Option<T> Within<T>(this Option<T> option, double least, double most)
    {
        option.Validators.Add(result =>
        {
            // What is no number at all is told of by its conversion.
            if (result.Tokens is [var given] && double.TryParse(given.Value, CultureInfo.InvariantCulture, out var value) && !(value >= least && value <= most))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value}: give {least} to {most}."));
            }
        });
        return option;
    }

    /// <summary>Where Redis is.</summary>
    public static Option<string?> Redis() => new("--redis") { Description = "Redis servers, host:port, several separated by commas." };

    /// <summary>Where Kafka is.</summary>
    public static Option<string?> Kafka() => new("--kafka") { Description = "Kafka brokers, host:port, several separated by commas." };

    /// <summary>Where a server is.</summary>
    public static Option<string> Server() => new("--server")
    {
        Description = "The server's gRPC address.",
        DefaultValueFactory = _ => "http://127.0.0.1:5001",
    };

    /// <summary>The settings of Redis, from environment, option and job.</summary>
    public static RedisSettings RedisSettings(JobSpec job, string? endpoints)
    {
        var settings = Section("Ranking:Redis").Get<RedisSettings>() ?? new RedisSettings();
        settings = settings with { Namespace = job.Namespace };
        return endpoints is null ? settings : settings with { Endpoints = endpoints.Split(',') };
    }

    /// <summary>The settings of Kafka, from environment, option and job.</summary>
    public static KafkaSettings KafkaSettings(JobSpec job, string? brokers)
    {
        var section = Section("Ranking:Kafka");
        var servers = brokers ?? section[nameof(Streaming.KafkaSettings.BootstrapServers)] ?? "localhost:9092";
        var settings = new KafkaSettings { BootstrapServers = servers };
        section.Bind(settings);
        return settings with { BootstrapServers = servers, Namespace = job.Topics.Namespace };
    }

    private static IConfigurationSection Section(string name) => new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection(name);
}
