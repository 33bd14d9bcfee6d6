using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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
        services.AddSingleton<IFeatureStore>(_ => features);
        services.AddSingleton<IModelStore>(new FolderModelStore(options.ModelStore));
        services.AddSingleton(_ => new EventSink(events ?? (options.Kafka is null ? null : new KafkaEventPublisher(options.Kafka)), isOwned: events is null));
        services.AddSingleton<ServerMetrics>().AddSingleton<ScoringPipeline>().AddSingleton<ServedLog>().AddSingleton<RequestMapper>();
        services.AddSingleton<ModelWarmer>().AddSingleton<ModelLoader>().AddSingleton<ModelRegistry>().AddSingleton<ModelPoller>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelPoller>());
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
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = options.MaxMessageBytes);
    }

    public static void MapRankingServer(this WebApplication app)
    {
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
        app.Services.GetRequiredService<ServerMetrics>().WatchVersions(app.Services.GetRequiredService<ModelRegistry>());
    }
}
