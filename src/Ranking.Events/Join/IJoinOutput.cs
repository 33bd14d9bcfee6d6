using Ranking.Core;

namespace Ranking.Events;

/// <summary>What comes out of the label join, in the order of the log.</summary>
public interface IJoinOutput
{
    /// <summary>An impression whose features are complete, at its place in the order: here it is predicted.</summary>
    void Impression(in JoinedImpression impression);

    /// <summary>An example with the labels whose windows have closed.</summary>
    void Example(Example example);

    /// <summary>What a record came to. Every served record, impression, outcome and dead letter is settled once.</summary>
    void Settled(in Settlement settlement);
}

/// <summary>An impression with its features.</summary>
/// <param name="Key">XXH3-128 of request and item: what <see cref="LabelJoin.SetPrediction"/> asks for.</param>
/// <param name="Position">Where its record stands.</param>
/// <param name="OrderTime">The order time at which its features were complete: its place, Unix milliseconds.</param>
/// <param name="EventTime">When it was shown, Unix milliseconds.</param>
/// <param name="User">XXH3-64 of the user id.</param>
/// <param name="Features">The raw features, as served.</param>
/// <param name="IsReconstructed">Whether some of them come from entity tables because no served record had them.</param>
/// <param name="Split">The tag of a data file; empty on live traffic.</param>
public readonly record struct JoinedImpression(
    UInt128 Key, LogPosition Position, long OrderTime, long EventTime, ulong User, FeatureRecords Features, bool IsReconstructed, string Split);
