using System.Text;
using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>What a join gave, in a form that two joins can be compared by.</summary>
internal sealed class Joined : IJoinOutput, IEntityTables
{
    public List<string> Examples { get; } = [];

    public SortedDictionary<string, string> Settlements { get; } = new(StringComparer.Ordinal);

    public List<Example> Raw { get; } = [];

    /// <summary>Answers an impression with a prediction made of its key.</summary>
    public LabelJoin? Predicts { get; set; }

    public static string Describe(UInt128 key, uint observed, uint labels, int? position, bool isReconstructed, in FeatureRecords features) =>
        $"{key:x} at {position} observed {observed} labels {labels} {(isReconstructed ? "reconstructed " : "")}{Text(features.User)}|{Text(features.Context)}|{Text(features.Item)}|{Text(features.Pair)}";

    public static string Describe(Disposition disposition, OrphanReason reason) => $"{disposition} {reason}";

    public void Impression(in JoinedImpression impression)
    {
        if (Predicts is not null)
        {
            Assert.True(Predicts.SetPrediction(impression.Key, [(float)(uint)impression.Key]));
        }
    }

    public void Example(Example example)
    {
        Assert.Equal(Raw.Count, example.Sequence);
        if (Predicts is not null)
        {
            Assert.Equal([(float)(uint)example.Impression], example.Predicted.ToArray());
        }

        Raw.Add(example);
        Examples.Add(Describe(example.Impression, example.Observed, example.Labels, example.Position, example.IsReconstructed, example.Features));
    }

    public void Settled(in Settlement settlement) =>
        Settlements.Add(settlement.Position.ToString(), Describe(settlement.Disposition, settlement.Reason));

    public ReadOnlyMemory<byte> User(string userId) => Encoding.UTF8.GetBytes("table " + userId);

    public ReadOnlyMemory<byte> Item(string itemId) => Encoding.UTF8.GetBytes("table " + itemId);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);
}
