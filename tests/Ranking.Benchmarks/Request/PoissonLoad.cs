using System.Globalization;
using System.Text.Json.Nodes;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>Open-loop load on core 1.</summary>
/// <param name="program">Where <c>poisson-load</c> is.</param>
internal sealed class PoissonLoad(string program)
{
    /// <summary>Sends Rank requests.</summary>
    /// <param name="port">The server's port of gRPC.</param>
    /// <param name="requests">The file of delimited messages.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="deadline">The gRPC deadline; null sends none.</param>
    /// <param name="isConstant">Whether they leave at equal distances, not at Poisson instants.</param>
    public async Task<Result> Run(int port, string requests, double rate, double seconds, TimeSpan? deadline = null, bool isConstant = false)
    {
        var output = await ChildProcess.Run("taskset",
        [
            "-c", "1", program, "-target", $"127.0.0.1:{port}", "-method", "/ranking.v1.RankingService/Rank", "-requests", requests,
            "-rate", Text(rate), "-seconds", Text(seconds), "-deadline", $"{(int)(deadline?.TotalMilliseconds ?? 0)}ms",
            "-arrivals", isConstant ? "constant" : "poisson",
        ]);
        var line = JsonNode.Parse(output.TrimEnd().Split('\n')[^1])!;
        var latency = line["latency_ms"]!;
        return new Result(
            (int)line["counted"]!, (int?)line["statuses"]!["OK"] ?? 0, (double)latency["p50"]!, (double)latency["p99"]!, (double)line["sender_late_ms"]!,
            line["statuses"]!.ToJsonString());
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    /// <param name="Counted">Requests sent.</param>
    /// <param name="Ok">Answered with OK, in time where there was a deadline.</param>
    /// <param name="P50">Of the OK answers from their due instants, milliseconds.</param>
    /// <param name="P99">Of the OK answers from their due instants, milliseconds.</param>
    /// <param name="SenderLate">How late the load itself was at worst, milliseconds.</param>
    /// <param name="Statuses">How many answers had which status.</param>
    internal sealed record Result(int Counted, int Ok, double P50, double P99, double SenderLate, string Statuses);
}
