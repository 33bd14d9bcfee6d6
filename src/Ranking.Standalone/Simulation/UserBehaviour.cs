using Ranking.Core;

namespace Ranking.Standalone;

/// <summary>What users do with what they are shown, and when the log hears of it.</summary>
internal sealed class UserBehaviour(SimulatedWorld world, int seed)
{
    /// <summary>The outcome after which <see cref="TrueProbabilities.Click"/> is named.</summary>
    public const string Click = "click";

    /// <summary>The outcome after which <see cref="TrueProbabilities.Conversion"/> is named.</summary>
    public const string Conversion = "conversion";

    // Milliseconds. A window of 15 seconds from the impression covers both outcomes.
    private const int ScrollTime = 120;
    private const double MeanClickDelay = 1_500;
    private const double MaxClickDelay = 7_000;
    private const double MeanConversionDelay = 2_000;
    private const double MaxConversionDelay = 7_000;
    private const int TransportTime = 100;

    private readonly Random random = new(seed);

    /// <summary>Impressions, clicks and conversions of one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="requestId">Its id in the log.</param>
    /// <param name="shown">Indexes of the items shown, from the first position on.</param>
    /// <param name="arrivals">Where the records go.</param>
    public void Act(SimulatedRequest request, string requestId, ReadOnlySpan<int> shown, ArrivalQueue arrivals)
    {
        var user = world.Users[request.User].Id;
        for (var position = 0; position < shown.Length; position++)
        {
            var item = world.Items[shown[position]].Id;
            var time = request.Time + ScrollTime + (position * ScrollTime);
            Send(LogTopic.Events, new ImpressionEvent(time, user) { RequestId = requestId, ItemId = item, Position = position }, arrivals);
            var chances = world.ProbabilitiesOf(request.User, shown[position], position, request.Tab, time);
            if (random.NextDouble() >= chances.Click)
            {
                continue;
            }

            var clicked = time + Delay(MeanClickDelay, MaxClickDelay);
            Send(LogTopic.Events, new OutcomeEvent(clicked, user) { RequestId = requestId, ItemId = item, Name = Click }, arrivals);
            if (random.NextDouble() < chances.Conversion)
            {
                var converted = clicked + Delay(MeanConversionDelay, MaxConversionDelay);
                Send(LogTopic.Events, new OutcomeEvent(converted, user) { RequestId = requestId, ItemId = item, Name = Conversion }, arrivals);
            }
        }
    }

    /// <summary>Sends a record on its way: most arrive soon, some late, some twice.</summary>
    public void Send(LogTopic topic, LogEvent record, ArrivalQueue arrivals)
    {
        var copies = random.NextDouble() < world.Options.DuplicateShare ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var delay = random.NextDouble() * TransportTime;
            if (random.NextDouble() < world.Options.DelayedShare)
            {
                delay += random.NextDouble() * world.Options.MaxDelay.TotalMilliseconds;
            }

            arrivals.Add(topic, record, record.EventTime + (long)delay);
        }
    }

    private long Delay(double mean, double most) => (long)Math.Min(random.NextExponential(mean), most);
}
