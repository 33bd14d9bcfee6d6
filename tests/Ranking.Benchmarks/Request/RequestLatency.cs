using Ranking.Models;
using Ranking.Onnx;

namespace Ranking.Benchmarks;

/// <summary>
/// Rank of 500 candidates over a real socket and a real Redis, open loop: the server alone on core 0, Redis and the load
/// on core 1; beside it, in the same run, a plain stack in its place. Warm is a server that has answered for a while; cold
/// one whose code is compiled and whose caches are empty.
/// </summary>
internal sealed class RequestLatency : Benchmark
{
    private const double WarmSeconds = 25;
    private const double ColdSeconds = 15;
    private const double OverloadSeconds = 12;
    private const double Overload = 3;

    // What a page has for its ranking, and some ten times what a request takes.
    private static readonly TimeSpan deadline = TimeSpan.FromMilliseconds(100);

    public override string Name => "request";

    public override string Description => "Rank of 500 candidates over a socket and Redis: against a plain stack, latency at 30 and 70 % of saturation, three times saturation (latency: the warm server's alone)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        figures.Add("load_average_before", RequestSetting.LoadAverage());
        using var setting = await RequestSetting.OpenAsync(figures, cancellation);
        var measured = new RequestFigures(figures, setting.Load, setting.Requests, cancellation);
        var large = new TrainingModelR(RequestSetting.Rows);
        var models = Path.Combine(setting.Folder, "models");
        RequestModel.Publish(models, large);
        var own = await Warm(large, models, "", all: true);
        if (arguments.Contains("latency"))
            return;
        await UnderOverload(large, models);
        await Cold(large, models);
        var plain = await Plain(large, models, "");
        figures.Add("request_vs_plain_fp32", own / plain);
        RequestModel.Quantize(models, large);
        figures.Add("request_vs_plain_int8", await Warm(large, models, "int8_", all: false) / plain);

        var small = new TrainingModelR(RequestSetting.Rows, experts: 4, expert: [64, 32]);
        models = Path.Combine(setting.Folder, "small_models");
        RequestModel.Publish(models, small);
        figures.Add("request_vs_plain_small", await Warm(small, models, "small_", all: false) / await Plain(small, models, "small_"));
        figures.Add("load_average_after", RequestSetting.LoadAverage());

        // Requests a second of the server's processor.
        async Task<double> Warm(TrainingModelR model, string stored, string prefix, bool all)
        {
            using var server = await setting.Start(stored, model, cancellation, RequestSetting.Patient, RequestSetting.AllItems);
            var saturation = await measured.Saturation(server, prefix);
            if (all)
            {
                await measured.Steady(server, "warm", saturation, 30, WarmSeconds);
            }

            var requests = await measured.Steady(server, $"{prefix}warm", saturation, 70, WarmSeconds);
            if (all)
            {
                await measured.AgainstIdealQueue(server, WarmSeconds);
                await measured.Constant(server, WarmSeconds);
                await measured.Allocation(server, saturation, ColdSeconds);
            }

            return requests;
        }

        async Task UnderOverload(TrainingModelR model, string stored)
        {
            using var server = await setting.Start(stored, model, cancellation);
            await setting.Load.Run(server.GrpcPort, setting.Requests, measured.LastSaturation / 2, ColdSeconds);
            await measured.Overload(server, measured.LastSaturation, Overload, OverloadSeconds, deadline);
        }

        async Task Cold(TrainingModelR model, string stored)
        {
            foreach (var percent in new[] { 30, 70 })
            {
                using var server = await setting.Start(stored, model, cancellation, RequestSetting.Patient);
                figures.Add($"cold_ready_seconds_before_{percent}", server.ReadyAfter);
                figures.Add($"cold_ready_cpu_seconds_before_{percent}", server.CpuSeconds());
                await measured.Steady(server, "cold", measured.LastSaturation, percent, ColdSeconds);
            }
        }

        async Task<double> Plain(TrainingModelR model, string stored, string prefix)
        {
            var (version, file) = (RequestSetting.ServedFolder(stored, model), Path.Combine(setting.Folder, $"{prefix}plain.onnx"));
            using (var artifact = ModelArtifact.Open(version))
            {
                OnnxModel.Write(artifact, file);
            }

            using var server = await RequestServer.StartPlain(setting.Folder, version, file, setting.RedisPort);
            return await measured.Steady(server, $"{prefix}plain", await measured.Saturation(server, $"{prefix}plain_"), 70, WarmSeconds);
        }
    }
}
