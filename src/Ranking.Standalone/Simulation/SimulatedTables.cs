using System.Globalization;
using Ranking.Core;

namespace Ranking.Standalone;

/// <summary>A simulated world as tables (CSV): users, items, and its history as labelled rows, one an impression.</summary>
public static class SimulatedTables
{
    /// <summary>Writes the users.</summary>
    public static void WriteUsers(SimulatedWorld world, TextWriter writer)
    {
        writer.WriteLine("user_id,segment,age_band,interests");
        foreach (var user in world.Users)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{user.Id},{user.Segment},{user.AgeBand},{string.Join('|', user.Interests)}"));
        }
    }

    /// <summary>Writes the items.</summary>
    public static void WriteItems(SimulatedWorld world, TextWriter writer)
    {
        writer.WriteLine("item_id,category,author,price,rating");
        foreach (var item in world.Items)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{item.Id},{item.Category},{item.Author},{item.Price},{item.Rating}"));
        }
    }

    /// <summary>Writes a log's impressions with what followed them, in the order of their time; duplicates once.</summary>
    /// <param name="log">The log's records, in any order.</param>
    /// <param name="tabId">The feature id of the tab in the served records.</param>
    /// <param name="writer">Where to.</param>
    public static void WriteRows(IEnumerable<LogEntry> log, int tabId, TextWriter writer)
    {
        var tabs = new Dictionary<string, string>();
        var shown = new Dictionary<(string Request, string Item), ImpressionEvent>();
        var outcomes = new Dictionary<(string Request, string Item, string Name), long>();
        foreach (var entry in log)
        {
            switch (entry.Event)
            {
                case ServedEvent served:
                    tabs[served.RequestId] = TabOf(served, tabId);
                    break;
                case ImpressionEvent impression:
                    shown[(impression.RequestId, impression.ItemId)] = impression;
                    break;
                case OutcomeEvent outcome:
                    outcomes[(outcome.RequestId, outcome.ItemId, outcome.Name)] = outcome.EventTime;
                    break;
            }
        }

        writer.WriteLine("user_id,item_id,time_ms,tab,position,is_click,is_conversion,click_after_ms,conversion_after_ms");
        foreach (var impression in shown.Values.OrderBy(impression => impression.EventTime))
        {
            var click = After(impression, UserBehaviour.Click);
            var conversion = After(impression, UserBehaviour.Conversion);
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{impression.UserId},{impression.ItemId},{impression.EventTime},{tabs.GetValueOrDefault(impression.RequestId)},{impression.Position},{(click < 0 ? 0 : 1)},{(conversion < 0 ? 0 : 1)},{Math.Max(0, click)},{Math.Max(0, conversion)}"));
        }

        // How long after the impression, in milliseconds; −1 where it did not happen.
        long After(ImpressionEvent impression, string name) =>
            outcomes.TryGetValue((impression.RequestId, impression.ItemId, name), out var time) ? time - impression.EventTime : -1;
    }

    internal static string TabOf(ServedEvent served, int tabId)
    {
        var reader = new FeatureRecordReader(served.ContextFeatures.Span);
        while (reader.Read())
        {
            if (reader.FeatureId == tabId)
            {
                var value = reader.Value;
                return System.Text.Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value));
            }
        }

        return "";
    }
}
