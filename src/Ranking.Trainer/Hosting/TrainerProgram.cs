using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.FeatureStore;
using Ranking.Files;
using Ranking.Streaming;

namespace Ranking.Trainer;

/// <summary>
/// The trainer as a service: <c>Ranking.Trainer [ranking.yaml]</c>, with settings from appsettings.json, the environment
/// (<c>Ranking__Trainer__Log</c>, <c>Ranking__Kafka__BootstrapServers</c>, <c>Ranking__Redis__Endpoints__0</c> for statistics) and arguments. Metrics stand at
/// <c>/metrics</c>, liveness at <c>/healthz</c>, on port 5002 (<c>ASPNETCORE_URLS</c>). SIGTERM ends it between two records with
/// a checkpoint.
/// </summary>
/// <remarks>Exit codes: 0 ended or stopped, 1 the log lacks a position or no version passed the gate, 2 wrong settings or data, 3 Kafka or Redis cannot be reached.</remarks>
internal static partial class TrainerProgram
{
    /// <summary>Runs until the log ends or a signal comes.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = WithJob(args), ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddJsonConsole(json => json.UseUtcTimestamp = true).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (builder.Configuration["urls"] is null)
        {
            builder.WebHost.UseUrls("http://0.0.0.0:5002");
        }

        using var metrics = new TrainerMetrics(TimeProvider.System);
        builder.Services.AddOpenTelemetry().WithMetrics(each => each.AddMeter(TrainerMetrics.MeterName).AddRuntimeInstrumentation().AddPrometheusExporter());
        await using var app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
        app.MapGet("/healthz", () => Results.Text("ok"));
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(Trainer));
        try
        {
            var settings = app.Configuration.GetSection(TrainerSettings.Section).Get<TrainerSettings>() ?? new TrainerSettings();
            var job = JobFile.Load(settings.Job);
            await using var features = await OpenFeaturesAsync(app.Configuration, job).ConfigureAwait(false);
            var training = Open(app.Configuration, settings, job, features?.History);
            await app.StartAsync().ConfigureAwait(false);
            var stopping = app.Lifetime.ApplicationStopping;
            var versions = await training.RunAsync(metrics, text => Told(log, text), stopping).ConfigureAwait(false);
            var isStopped = stopping.IsCancellationRequested;
            await app.StopAsync().ConfigureAwait(false);
            return !isStopped && versions.Count > 0 && versions.All(version => !version.IsAccepted) ? 1 : 0;
        }
        catch (Exception failed) when (CodeOf(failed) is { } code)
        {
            Failed(log, failed.Message);
            return code;
        }
    }

    // Without a section of its own the trainer writes no statistics.
    private static async Task<RedisFeatureStore?> OpenFeaturesAsync(IConfiguration configuration, JobSpec job)
    {
        var section = configuration.GetSection("Ranking:Redis");
        if (!section.Exists())
        {
            return null;
        }

        var settings = section.Get<RedisSettings>()! with { Namespace = job.Namespace };
        return await RedisFeatureStore.OpenAsync(
            section.GetSection(nameof(RedisSettings.Endpoints)).Get<string[]>() is { } endpoints ? settings with { Endpoints = endpoints } : settings).ConfigureAwait(false);
    }

    private static JobTraining Open(IConfiguration configuration, TrainerSettings settings, JobSpec job, IHistoryStore? history)
    {
        var section = configuration.GetSection("Ranking:Kafka");
        var kafka = new KafkaSettings { BootstrapServers = section[nameof(KafkaSettings.BootstrapServers)] ?? "localhost:9092" };
        section.Bind(kafka);
        kafka = kafka with { Namespace = job.Topics.Namespace };
        var options = settings.OptionsOf(job);
        var faults = options.Validate().Concat(settings.Topics ? kafka.Validate() : []).ToArray();
        return faults.Length > 0
            ? throw new ArgumentException(string.Join('\n', faults))
            : new JobTraining(job, options, new TrainingSource { Log = settings.Log, Topics = settings.Topics, Kafka = kafka }, TimeProvider.System) { History = history };
    }

    // The job file may stand first, without a name.
    private static string[] WithJob(string[] args) =>
        args is [{ } job, .. var rest] && !job.StartsWith('-') ? [$"--{TrainerSettings.Section}:{nameof(TrainerSettings.Job)}={job}", .. rest] : args;

    private static int? CodeOf(Exception failed) => failed switch
    {
        OperationCanceledException => 0,
        ConfigurationException or TableException or ArgumentException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException => 2,
        ServiceUnreachableException or FeatureStoreException or TimeoutException or SocketException => 3,
        LogPositionException or InvalidOperationException or UnauthorizedAccessException or IOException => 1,
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void Told(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
