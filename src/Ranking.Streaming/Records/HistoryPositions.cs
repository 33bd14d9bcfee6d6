using System.Globalization;
using Ranking.Contracts.V1;
using Ranking.Core;
using Position = Ranking.Core.HistoryPosition;

namespace Ranking.Streaming;

/// <summary>The places in the log that a served record's statistics were of: each different one once.</summary>
internal sealed class HistoryPositions(Served served)
{
    public static void Write(Served to, ServedEvent from)
    {
        var places = new Dictionary<Position, uint>();
        to.UserHistory = PlaceOf(from.UserHistory);
        to.AttributeHistory = PlaceOf(from.AttributeHistory);
        if (from.Items.Any(item => item.History is not null))
        {
            to.ItemHistory.AddRange(from.Items.Select(item => PlaceOf(item.History)));
        }

        uint PlaceOf(Position? position)
        {
            if (position is not { } known)
            {
                return 0;
            }

            if (!places.TryGetValue(known, out var place))
            {
                places[known] = place = (uint)places.Count + 1;
                to.HistoryPositions.Add(new Contracts.V1.HistoryPosition
                {
                    OrderTimeMs = known.OrderTime,
                    Topic = (uint)known.Record.Partition.Topic,
                    Partition = (uint)known.Record.Partition.Partition,
                    Offset = known.Record.Offset,
                });
            }

            return place;
        }
    }

    /// <summary>The position at a place of the list, from 1; null for 0.</summary>
    /// <exception cref="FormatException">The list has no such place.</exception>
    public Position? At(uint place, string field)
    {
        if (place == 0)
        {
            return null;
        }

        if (place > served.HistoryPositions.Count)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{field} is {place}: give 0, or a place among the {served.HistoryPositions.Count} history_positions."));
        }

        var position = served.HistoryPositions[(int)place - 1];
        return new Position(
            position.OrderTimeMs, new LogPosition(new LogPartition((LogTopic)position.Topic, (int)position.Partition), position.Offset));
    }
}
