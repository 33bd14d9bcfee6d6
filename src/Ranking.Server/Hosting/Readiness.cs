using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ranking.Server;

/// <summary>Ready when every model has a warm version, the wire is warm, and it is not draining. An unreachable store is no reason: scores come without it.</summary>
internal sealed class Readiness(ModelRegistry registry, WireWarmer wire, Drain drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var waiting = registry.Slots.Where(slot => slot.CurrentVersion is null).Select(slot => slot.Name).ToArray();
        return Task.FromResult(
            drain.IsDraining ? HealthCheckResult.Unhealthy("draining")
            : waiting.Length > 0 ? HealthCheckResult.Unhealthy($"no version yet: {string.Join(", ", waiting)}")
            : !wire.IsWarm ? HealthCheckResult.Unhealthy("warming up")
            : HealthCheckResult.Healthy("ready"));
    }

    public static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsync(string.Join('\n', report.Entries.Values.Select(entry => entry.Description)));
}
