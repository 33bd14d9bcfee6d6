using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using Ranking.Core;
using Ranking.FeatureStore;
using Ranking.Models;
using Ranking.Streaming;

namespace Ranking.Server;

/// <summary>The server's parts and routes.</summary>
internal static class ServerComposition
{
    // Kestrel's 100 would hold back a caller of one connection before the server is at its limit.
    private const int StreamsPerConnection = 1_000;

    // A peer that is gone without a word is noticed after this and Kestrel's 20 s more.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    public static async Task AddRankingServerAsync(this WebApplicationBuilder builder, ServerOptions options, IEventPublisher? events)
    {
        var faults = options.Validate();
        if (!faults.IsEmpty)
        {
            throw new ArgumentException(string.Join('\n', faults), nameof(options));
        }

        var features = await RedisFeatureStore.OpenAsync(options.Redis).ConfigureAwait(false);
        var services = builder.Services;
        services.AddSingleton(options).AddSingleton(TimeProvider.System);
        services.AddSingleton<IFeatureStore>(_ => features).AddSingleton(features.History);
        services.AddSingleton<HistoryFollower>().AddHostedService(provider => provider.GetRequiredService<HistoryFollower>());
        services.AddSingleton<IModelStore>(new FolderModelStore(options.ModelStore));
        services.AddSingleton(_ => new EventSink(events ?? (options.Kafka is null ? null : new KafkaEventPublisher(options.Kafka)), isOwned: events is null));
        services.AddSingleton<ServerMetrics>().AddSingleton(_ => new ScoringThreads()).AddSingleton<ScoringPipeline>().AddSingleton<ServedLog>().AddSingleton<RequestMapper>();
        services.AddSingleton<AdmissionControl>().AddSingleton<AdmissionMiddleware>();
        services.AddSingleton<Compilation>().AddSingleton<RecentRequests>().AddSingleton<ModelWarmer>().AddSingleton<MemoryBudget>().AddSingleton<ModelLoader>().AddSingleton<ModelRegistry>().AddSingleton<ModelPoller>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelPoller>());
        services.AddSingleton<WireWarmer>().AddHostedService(provider => provider.GetRequiredService<WireWarmer>());
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainDelay + options.DrainTimeout);
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.MaxReceiveMessageSize = options.MaxMessageBytes;
        }).AddJsonTranscoding(json => json.TypeRegistry = TypeRegistry.FromMessages(BadRequest.Descriptor));
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks().AddCheck<Readiness>("ready");
        services.Configure<HealthCheckPublisherOptions>(health => (health.Delay, health.Period) = (TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(ServerMetrics.MeterName, RedisFeatureStore.MeterName)
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxMessageBytes;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.Limits.Http2.KeepAlivePingDelay = KeepAlive;
        });
    }

    public static void MapRankingServer(this WebApplication app)
    {
        app.Use(LeaveSizeToGrpc);
        app.UseMiddleware<AdmissionMiddleware>();
        app.MapGrpcService<RankingGrpcService>();
        app.MapGrpcService<ModelGrpcService>();
        app.MapGrpcService<FeatureGrpcService>();
        app.MapGrpcService<EventGrpcService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        app.MapGet("/healthz", () => Results.Text("alive"));
        app.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = Readiness.WriteAsync });
        app.MapPrometheusScrapingEndpoint();
        app.MapGet("/openapi/v1.json", () => Results.Text(OpenApiDocument.Json, "application/json"));
        var metrics = app.Services.GetRequiredService<ServerMetrics>();
        metrics.WatchVersions(app.Services.GetRequiredService<ModelRegistry>());
        metrics.WatchItems(app.Services.GetRequiredService<ModelRegistry>());
        metrics.WatchQueue(app.Services.GetRequiredService<ScoringThreads>(), app.Services.GetRequiredService<AdmissionControl>());
        if (app.Services.GetRequiredService<EventSink>().Publisher is KafkaEventPublisher log)
        {
            metrics.WatchLog(log);
        }
    }

    // gRPC refuses a message that is too long by its prefix and with a status of its own; the web server's limit would
    // come first, as a bare 413, and is for JSON.
    private static Task LeaveSizeToGrpc(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        }

        return next(context);
    }
}
