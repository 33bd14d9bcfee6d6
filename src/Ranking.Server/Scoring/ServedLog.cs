using Ranking.Core;

namespace Ranking.Server;

/// <summary>Writes down what was answered, without making the answer wait.</summary>
internal sealed class ServedLog(EventSink sink, ServerMetrics metrics)
{
    /// <summary>Queues the served record of a request, or drops and counts it where the queue is full.</summary>
    /// <param name="answer">What was answered.</param>
    /// <param name="order">The items returned, best first.</param>
    /// <param name="policy">How that order was chosen.</param>
    public void Write(Answer answer, int[] order, string policy)
    {
        if (sink.Publisher is null)
        {
            return;
        }

        var (request, features) = (answer.Request, answer.Features);
        var items = new ServedItem[order.Length];
        for (var i = 0; i < items.Length; i++)
        {
            var at = order[i];
            items[i] = new ServedItem(
                request.ItemIds[at], (float)answer.Result.Scores[at], 1, features.Items[at], features.Pairs.Length == 0 ? default : features.Pairs[at]);
        }

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
            Returned = items.Length,
        });
        metrics.CountServed(answer.Model, queued);
    }
}

/// <summary>A scored request with what names it.</summary>
internal sealed record Answer(
    string RequestId, string Model, string Version, string Experiment, ScoringRequest Request, ScoringResult Result, ServedFeatures Features,
    IReadOnlyList<NamedOutput> Outputs);
