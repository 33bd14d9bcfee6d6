using System.Globalization;
using Ranking.Core;

namespace Ranking.Standalone;

/// <summary>
/// The true probabilities of a simulated log's impressions as a table (CSV): <c>request_id</c>, <c>item_id</c>, and each
/// task's probability given its condition; the same rows in the same order as <see cref="SimulatedTables.WriteRows"/>.
/// </summary>
public static class SimulatedTruth
{
    /// <summary>Writes the table.</summary>
    /// <param name="world">Whose log.</param>
    /// <param name="log">The log's records, in any order.</param>
    /// <param name="onTheirWay">Records that the log gets later: a served record can be among them whose impressions are in the log.</param>
    /// <param name="tabId">The feature id of the tab in the served records.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(SimulatedWorld world, IReadOnlyCollection<LogEntry> log, IEnumerable<Arrival> onTheirWay, int tabId, TextWriter writer)
    {
        var users = world.Users.Index().ToDictionary(user => user.Item.Id, user => user.Index);
        var items = world.Items.Index().ToDictionary(item => item.Item.Id, item => item.Index);
        var tabs = Enumerable.Range(0, SimulatedWorld.TabCount).ToDictionary(SimulatedWorld.TabName);
        var shownIn = log.Select(entry => entry.Event).Concat(onTheirWay.Select(arrival => arrival.Event)).OfType<ServedEvent>()
            .DistinctBy(served => served.RequestId)
            .ToDictionary(served => served.RequestId, served => tabs[SimulatedTables.TabOf(served, tabId)]);
        var shown = log.Select(entry => entry.Event).OfType<ImpressionEvent>().DistinctBy(impression => (impression.RequestId, impression.ItemId));

        writer.WriteLine("request_id,item_id,ctr,cvr");
        foreach (var impression in shown.OrderBy(impression => impression.EventTime))
        {
            var truth = world.ProbabilitiesOf(
                users[impression.UserId], items[impression.ItemId], impression.Position!.Value, shownIn[impression.RequestId], impression.EventTime);
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{impression.RequestId},{impression.ItemId},{truth.Click:R},{truth.Conversion:R}"));
        }
    }
}
