using System.Diagnostics;
using Google.Protobuf.Collections;
using Grpc.Core;
using Ranking.Contracts.V1;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server;

/// <summary>Rank and Score: finds the model, checks the request, scores under a deadline, answers.</summary>
internal sealed class RankingGrpcService(
    ModelRegistry registry, RequestMapper mapper, ScoringPipeline pipeline, ServedLog served, ServerOptions settings, ServerMetrics metrics, TimeProvider time)
    : RankingService.RankingServiceBase
{
    public override async Task<RankResponse> Rank(RankRequest request, ServerCallContext context)
    {
        var options = request.Options ?? new RequestOptions();
        uint? topK = request.HasTopK ? request.TopK : null;
        var answer = await AnswerAsync(request.UserId, request.ItemIds, request.Features, options, topK, context).ConfigureAwait(false);
        var returned = (int)Math.Min(topK ?? uint.MaxValue, (uint)request.ItemIds.Count);
        var order = TopK.Order(answer.Result.Scores, returned);
        if (ShouldLog(options))
        {
            served.Write(answer, order, returned, "deterministic");
        }

        var response = new RankResponse
        {
            RequestId = answer.RequestId,
            Model = answer.Model,
            Version = answer.Version,
            Objective = answer.Request.Objective.Objective.Name,
            Flags = (uint)answer.Result.Flags,
            Scored = (uint)answer.Result.Scored,
        };
        Fill(response.ItemIds, order.AsSpan(0, returned), answer.Request.ItemIds);
        Fill(response.Scores, order.AsSpan(0, returned), answer.Result.Scores);
        FillColumns(response.Tasks, response.ItemFlags, order.AsSpan(0, returned), answer);
        answer.Result.Return();
        return response;
    }

    public override async Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        var options = request.Options ?? new RequestOptions();
        var answer = await AnswerAsync(request.UserId, request.ItemIds, request.Features, options, null, context).ConfigureAwait(false);
        int[] order = [.. Enumerable.Range(0, request.ItemIds.Count)];
        if (ShouldLog(options))
        {
            served.Write(answer, order, order.Length, "caller");
        }

        var response = new ScoreResponse
        {
            RequestId = answer.RequestId,
            Model = answer.Model,
            Version = answer.Version,
            Objective = answer.Request.Objective.Objective.Name,
            Scores = { answer.Result.Scores },
            Flags = (uint)answer.Result.Flags,
            Scored = (uint)answer.Result.Scored,
        };
        FillColumns(response.Tasks, response.ItemFlags, order, answer);
        answer.Result.Return();
        return response;
    }

    private async Task<Answer> AnswerAsync(
        string userId, RepeatedField<string> itemIds, RepeatedField<FeatureColumn> features, RequestOptions options, uint? topK, ServerCallContext context)
    {
        var start = Stopwatch.GetTimestamp();
        var slot = registry.Require(options.HasModel ? options.Model : null);
        var outcome = StatusCode.OK;
        var isCounted = !WarmRequest.IsOf(userId);
        using var deadline = Deadline.Of(context, settings);
        var until = Deadline.ScoringEnds(context, settings, time.GetUtcNow());
        try
        {
            using var lease = await AcquireAsync(slot, options, deadline.Token).ConfigureAwait(false);
            var request = mapper.Map(lease.Model, userId, itemIds, features, options, topK);
            var (result, asServed) = await pipeline.ScoreAsync(lease.Model, request, until, deadline.Token).ConfigureAwait(false);
            if (isCounted)
            {
                metrics.RecordItems(slot.Name, result);
            }

            var requestId = options.HasRequestId ? options.RequestId : Guid.CreateVersion7().ToString("N");
            return new Answer(requestId, slot.Name, lease.Model.Version, options.Experiment, request, result, asServed, lease.Model.Outputs);
        }
        catch (Exception failure)
        {
            outcome = ErrorInterceptor.StatusOf(failure, context).StatusCode;
            throw;
        }
        finally
        {
            if (isCounted)
            {
                metrics.RecordRequest(slot.Name, outcome.ToString(), start);
            }
        }
    }

    private static async ValueTask<ModelLease> AcquireAsync(ModelSlot slot, RequestOptions options, CancellationToken cancellation) =>
        options.HasVersion
            ? await slot.AcquireAsync(options.Version, cancellation).ConfigureAwait(false)
            : slot.Require();

    private static bool ShouldLog(RequestOptions options) => !options.HasLog || options.Log;

    private static void FillColumns(RepeatedField<TaskScores> tasks, RepeatedField<uint> itemFlags, ReadOnlySpan<int> order, Answer answer)
    {
        foreach (var (number, output) in answer.Outputs.Index())
        {
            var scores = new TaskScores { Task = output.Name };
            Fill(scores.Values, order, answer.Result.Outputs[number]);
            tasks.Add(scores);
        }

        if (Array.Exists(answer.Result.ItemFlags, flags => flags != ItemFlags.None))
        {
            itemFlags.Capacity = order.Length;
            foreach (var at in order)
            {
                itemFlags.Add((uint)answer.Result.ItemFlags[at]);
            }
        }
    }

    // With its size known from the start; a field that grows is copied many times over.
    private static void Fill<T>(RepeatedField<T> column, ReadOnlySpan<int> order, IList<T> values)
    {
        column.Capacity = order.Length;
        foreach (var at in order)
        {
            column.Add(values[at]);
        }
    }
}
