using Google.Protobuf;
using Ranking.Contracts.V1;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>Events as messages.</summary>
internal static class LogRecordWriter
{
    public static LogRecord ToRecord(LogEvent source)
    {
        var record = new LogRecord { EventTimeMs = source.EventTime, UserId = source.UserId };
        switch (source)
        {
            case ServedEvent served:
                record.Served = Served(served);
                break;
            case ImpressionEvent impression:
                record.Impression = Impression(impression);
                break;
            case OutcomeEvent outcome:
                record.Outcome = new Outcome { RequestId = outcome.RequestId, ItemId = outcome.ItemId, Name = outcome.Name };
                if (!double.IsNaN(outcome.Value))
                {
                    record.Outcome.Value = outcome.Value;
                }

                break;
            case HeartbeatEvent:
                record.Heartbeat = new Heartbeat();
                break;
            case EndEvent:
                record.End = new End();
                break;
        }

        return record;
    }

    private static Served Served(ServedEvent source)
    {
        var served = new Served
        {
            RequestId = source.RequestId,
            Model = source.Model,
            Version = source.Version,
            Experiment = source.Experiment,
            PolicyId = source.PolicyId,
            UserFeatures = Wrap(source.UserFeatures),
            ContextFeatures = Wrap(source.ContextFeatures),
            Returned = (uint)source.Returned,
            RestSamplingRate = source.RestSamplingRate,
        };
        var isDeterministic = true;
        foreach (var item in source.Items)
        {
            served.ItemIds.Add(item.ItemId);
            served.ItemFeatures.Add(Wrap(item.Features));
            served.PairFeatures.Add(Wrap(item.PairFeatures));
            served.Scores.Add(item.Score);
            isDeterministic &= item.Propensity == 1;
        }

        if (!isDeterministic)
        {
            served.Propensities.AddRange(source.Items.Select(item => item.Propensity));
        }

        HistoryPositions.Write(served, source);

        return served;
    }

    private static Impression Impression(ImpressionEvent source)
    {
        var impression = new Impression
        {
            RequestId = source.RequestId,
            ItemId = source.ItemId,
            Split = source.Split,
        };
        if (source.Position is { } position)
        {
            impression.Position = (uint)position;
        }

        if (source.Weight != 1)
        {
            impression.Weight = source.Weight;
        }

        if (source.SamplingRate != 1)
        {
            impression.SamplingRate = source.SamplingRate;
        }

        if (source.Features is { } own)
        {
            impression.Features = new ImpressionFeatures
            {
                User = Wrap(own.User),
                Context = Wrap(own.Context),
                Item = Wrap(own.Item),
                Pair = Wrap(own.Pair),
            };
        }

        return impression;
    }

    // The record is serialized before anyone could change the bytes.
    private static ByteString Wrap(ReadOnlyMemory<byte> bytes) => UnsafeByteOperations.UnsafeWrap(bytes);
}
