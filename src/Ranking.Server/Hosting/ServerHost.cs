using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Ranking.Core;

namespace Ranking.Server;

/// <summary>Puts a server together: the one way for its own program, the command line and standalone.</summary>
public static class ServerHost
{
    /// <summary>Runs a server from appsettings.json, the environment and arguments, until SIGTERM.</summary>
    /// <returns>0 at the end of a normal run, 2 where the settings are at fault.</returns>
    public static async Task<int> RunAsync(string[] args, IEventPublisher? events = null)
    {
        var builder = CreateBuilder(args, EndpointSettings("0.0.0.0:5001", "0.0.0.0:5000"), quiet: false);
        ServerOptions options;
        try
        {
            options = ServerOptions.From(builder.Configuration);
        }
        catch (InvalidOperationException wrong)
        {
            // The binder's, of a value that is none of the setting's type: it names both.
            return await RefuseAsync([wrong.Message]).ConfigureAwait(false);
        }

        if (options.Validate() is { IsEmpty: false } faults)
        {
            return await RefuseAsync(faults).ConfigureAwait(false);
        }

        await builder.AddRankingServerAsync(options, events).ConfigureAwait(false);
        await using var app = builder.Build();
        app.MapRankingServer();
        await app.RunAsync().ConfigureAwait(false);
        return 0;
    }

    private static async Task<int> RefuseAsync(IEnumerable<string> faults)
    {
        await Console.Error.WriteLineAsync(string.Join('\n', faults.Select(fault => $"{ServerOptions.Section}: {fault}"))).ConfigureAwait(false);
        return 2;
    }

    internal static WebApplicationBuilder CreateBuilder(string[] args, Dictionary<string, string?> endpoints, bool quiet)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = endpoints });
        builder.Logging.ClearProviders().AddJsonConsole(json => json.UseUtcTimestamp = true);
        builder.Logging.SetMinimumLevel(quiet ? LogLevel.Warning : LogLevel.Information);
        // In a command of another's, standard output is the command's.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = quiet ? LogLevel.Trace : LogLevel.None);
        // A check that fails once a second until a model is loaded is no error.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        // Being not ready yet is an answer, not an error.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        return builder;
    }

    /// <summary>Kestrel's endpoints: HTTP/1.1 and HTTP/2 without TLS cannot share a port.</summary>
    internal static Dictionary<string, string?> EndpointSettings(string grpc, string http) => new()
    {
        ["Kestrel:Endpoints:Grpc:Url"] = $"http://{grpc}",
        ["Kestrel:Endpoints:Grpc:Protocols"] = "Http2",
        ["Kestrel:Endpoints:Http:Url"] = $"http://{http}",
        ["Kestrel:Endpoints:Http:Protocols"] = "Http1",
    };
}
