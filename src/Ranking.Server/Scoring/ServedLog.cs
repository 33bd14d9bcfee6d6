using Ranking.Core;

namespace Ranking.Server;

/// <summary>Writes down what was answered, without making the answer wait.</summary>
internal sealed class ServedLog(EventSink sink, ServerOptions options, ServerMetrics metrics)
{
    /// <summary>Queues the served record of a request, or drops and counts it where the queue is full.</summary>
    /// <param name="answer">What was answered.</param>
    /// <param name="order">All candidates: those returned, best first, then the others.</param>
    /// <param name="returned">How many of them were returned.</param>
    /// <param name="policy">How that order was chosen.</param>
    public void Write(Answer answer, int[] order, int returned, string policy)
    {
        if (sink.Publisher is null)
        {
            return;
        }

        var (request, features) = (answer.Request, answer.Features);
        var history = features.History;
        ServedItem[] items =
        [
            .. order.Where((at, place) => place < returned || IsSampled(answer.RequestId, request.ItemIds[at])).Select(at => new ServedItem(
                request.ItemIds[at], (float)answer.Result.Scores[at], 1, features.Items[at], features.Pairs.Length == 0 ? default : features.Pairs[at])
            {
                History = history?.Items[at],
            }),
        ];
        var queued = sink.Publisher.TryPublish(LogTopic.Served, new ServedEvent(request.Time, request.UserId)
        {
            RequestId = answer.RequestId,
            Model = answer.Model,
            Version = answer.Version,
            Experiment = answer.Experiment,
            PolicyId = policy,
            UserFeatures = features.User,
            ContextFeatures = features.Context,
            Items = items,
            Returned = returned,
            RestSamplingRate = (float)options.RestSamplingRate,
            UserHistory = history?.User,
            AttributeHistory = history?.Attributes,
        });
        metrics.CountServed(answer.Model, queued);
    }

    // By the impression's key: a request that is answered again samples the same items.
    private bool IsSampled(string requestId, string itemId) =>
        (ulong)LogEvent.ImpressionKey(requestId, itemId) < options.RestSamplingRate * ulong.MaxValue;
}

/// <summary>A scored request with what names it.</summary>
internal sealed record Answer(
    string RequestId, string Model, string Version, string Experiment, ScoringRequest Request, ScoringResult Result, ServedFeatures Features,
    IReadOnlyList<NamedOutput> Outputs);
