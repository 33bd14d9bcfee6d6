using Grpc.Core;
using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.Streaming;

namespace Ranking.Server;

/// <summary>Brings impressions and outcomes into the log for those who have no Kafka of their own.</summary>
internal sealed class EventGrpcService(EventSink sink, ServerOptions settings) : EventService.EventServiceBase
{
    public override async Task<LogEventsResponse> LogEvents(LogEventsRequest request, ServerCallContext context)
    {
        if (sink.Publisher is null)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "this server has no log: it was started without Kafka settings (Ranking:Kafka:BootstrapServers)"));
        }

        var events = Read(request);
        using var deadline = Deadline.Of(context, settings);
        try
        {
            await sink.Publisher.PublishAsync(LogTopic.Events, events, deadline.Token).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"the log did not take the events; sending them again is safe: {failure.Message}"));
        }

        return new LogEventsResponse { Accepted = (uint)events.Count };
    }

    private static List<LogEvent> Read(LogEventsRequest request)
    {
        var violations = new Violations();
        violations.Check(request.Events.Count > 0, "events", "is empty: give at least one event");
        var events = new List<LogEvent>(request.Events.Count);
        foreach (var (index, record) in request.Events.Index())
        {
            if (record.KindCase is not (LogRecord.KindOneofCase.Impression or LogRecord.KindOneofCase.Outcome))
            {
                violations.Add($"events[{index}]", $"is of kind {record.KindCase.ToString().ToLowerInvariant()}: only impressions and outcomes are taken");
                continue;
            }

            if (record.CalculateSize() is var size and > LogRecordCodec.MaxBytes)
            {
                violations.Add($"events[{index}]", $"has {size} bytes: at most {LogRecordCodec.MaxBytes} are taken");
                continue;
            }

            try
            {
                events.Add(LogRecordCodec.ToEvent(record));
            }
            catch (FormatException fault)
            {
                violations.Add($"events[{index}]", fault.Message);
            }
        }

        violations.ThrowIfAny();
        return events;
    }
}
