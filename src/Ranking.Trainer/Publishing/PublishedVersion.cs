using System.Collections.Immutable;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>What the gate said of a version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Reasons">Why it was refused; empty where it was accepted.</param>
/// <param name="Losses">What was compared.</param>
public sealed record PublishedVersion(string Version, ImmutableArray<string> Reasons, ImmutableArray<GateLoss> Losses)
{
    /// <summary>Whether it is served from now on.</summary>
    public bool IsAccepted => Reasons.IsEmpty;

    internal GateResult ToGateResult() => new(
        IsAccepted ? null : string.Join("; ", Reasons),
        Losses.SelectMany(loss => new KeyValuePair<string, double>[]
        {
            new($"{loss.Output}_log_loss", loss.LogLoss),
            new($"{loss.Output}_reference_log_loss", loss.Reference),
            new($"{loss.Output}_examples", loss.Examples),
        }).ToImmutableSortedDictionary());
}

/// <summary>One output's log loss on examples that the version had not learned from, in nats.</summary>
/// <param name="Output">The output.</param>
/// <param name="Examples">On how many examples.</param>
/// <param name="LogLoss">The version's.</param>
/// <param name="Reference">The served version's on the same examples, or the base rate's where none is served.</param>
public sealed record GateLoss(string Output, int Examples, double LogLoss, double Reference);
