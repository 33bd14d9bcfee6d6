using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.FeatureStore;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>
/// The rival of a whole request: Grpc.AspNetCore, StackExchange.Redis and ONNX Runtime on the plain graph, as a team would
/// put them together and tune them; a program of its own. It has the server's own feature store (the same Redis layout,
/// batched read and cache in the process) and its own encoder, so that what is compared is the way through the model.
/// </summary>
/// <remarks>
/// Its tunings: one thread a run and no spinning, since runs on one core would wait for each other; input and output tensors
/// bound to pooled buffers; only the outputs that are answered are computed; as many runs at once as there are cores.
/// </remarks>
internal sealed class PlainServer : IDisposable
{
    public const string Verb = "plain-server";

    private readonly Microsoft.ML.OnnxRuntime.SessionOptions options = OnnxRival.OneThread();

    private readonly ModelArtifact artifact;
    private readonly InferenceSession session;
    private readonly RedisFeatureStore features;
    private readonly ConcurrentBag<PlainScorer> idle = [];
    private readonly SemaphoreSlim cores = new(Environment.ProcessorCount);

    private PlainServer(string version, string onnx, RedisFeatureStore features)
    {
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        (artifact, session, this.features) = (ModelArtifact.Open(version), new InferenceSession(onnx, options), features);
    }

    /// <summary>Serves until it is killed.</summary>
    /// <param name="args">The version's folder, its ONNX file, the port to listen on, Redis' port.</param>
    public static async Task RunAsync(string[] args)
    {
        var redis = await RedisFeatureStore.OpenAsync(new RedisSettings { Endpoints = [$"127.0.0.1:{args[3]}"], ReadTimeout = TimeSpan.FromSeconds(1) });
        using var server = new PlainServer(args[0], args[1], redis);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(
            int.Parse(args[2], CultureInfo.InvariantCulture), endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(server);
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.RunAsync();
    }

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
        artifact.Dispose();
    }

    private async Task<RankResponse> RankAsync(RankRequest request, CancellationToken cancellation)
    {
        var keys = new FeatureKey[request.ItemIds.Count + 1];
        keys[0] = new FeatureKey(EntityKind.User, request.UserId, FeatureGroup.Profile);
        for (var item = 1; item < keys.Length; item++)
        {
            keys[item] = new FeatureKey(EntityKind.Item, request.ItemIds[item - 1], FeatureGroup.Profile);
        }

        var values = new FeatureValue[keys.Length];
        await features.ReadAsync(keys, values, cancellation);
        var items = new ReadOnlyMemory<byte>[request.ItemIds.Count];
        for (var item = 0; item < items.Length; item++)
        {
            items[item] = values[item + 1].Record;
        }

        await cores.WaitAsync(cancellation);
        var scorer = idle.TryTake(out var pooled) && pooled.Candidates == items.Length ? pooled : new PlainScorer(artifact, session, items.Length);
        try
        {
            return Answer(request, scorer, scorer.Score(values[0].Record, items));
        }
        finally
        {
            idle.Add(scorer);
            cores.Release();
        }
    }

    private static RankResponse Answer(RankRequest request, PlainScorer scorer, float[][] scores)
    {
        var order = new int[request.ItemIds.Count];
        for (var place = 0; place < order.Length; place++)
        {
            order[place] = place;
        }

        var objective = scores[0];
        order.AsSpan().Sort((left, right) => objective[right].CompareTo(objective[left]));
        var response = new RankResponse { ItemIds = { order.Select(at => request.ItemIds[at]) }, Scores = { order.Select(at => (double)objective[at]) } };
        for (var output = 0; output < scores.Length; output++)
        {
            var column = scores[output];
            response.Tasks.Add(new TaskScores { Task = scorer.Outputs[output], Values = { order.Select(at => column[at]) } });
        }

        return response;
    }

    private sealed class Service(PlainServer server) : RankingService.RankingServiceBase
    {
        public override Task<RankResponse> Rank(RankRequest request, ServerCallContext context) => server.RankAsync(request, context.CancellationToken);
    }
}
