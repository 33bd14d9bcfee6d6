using System.Runtime.InteropServices;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>By how many training impressions the row's user or item has: new users and cold items have none.</summary>
internal sealed class HistorySlicer(string name, Func<Example, string> keyOf) : Slicer(name)
{
    private readonly Dictionary<string, int> seen = [];

    public override void Fit(IEnumerable<LabelledImpression> train)
    {
        foreach (var row in train)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(seen, keyOf(row.Example), out _)++;
        }
    }

    public override string ValueOf(Example example) => seen.Count == 0 || keyOf(example) is var key && key == None
        ? None
        : seen.GetValueOrDefault(key) switch
        {
            0 => "0",
            < 5 => "1–4",
            < 20 => "5–19",
            < 100 => "20–99",
            _ => "100 or more",
        };
}
