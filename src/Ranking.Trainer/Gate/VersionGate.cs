using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Decides whether a version may be served: its log loss on examples that were predicted before they were learned from
/// must not be more than the tolerance above the served version's on the same examples, those newer than what the served
/// version has learned; with none served, it must be below the base rate's.
/// </summary>
internal sealed class VersionGate(ModelSpec spec)
{
    /// <summary>Compares.</summary>
    /// <param name="version">The version's name.</param>
    /// <param name="outputs">The version's outputs.</param>
    /// <param name="window">The newest predicted examples, oldest first.</param>
    /// <param name="served">The served version, or null.</param>
    /// <param name="servedThrough">The event time that the served version has learned through, Unix milliseconds.</param>
    public PublishedVersion Judge(
        string version, ImmutableArray<GraphOutput> outputs, IEnumerable<Example> window, ServingModel? served, long servedThrough)
    {
        var losses = ProgressiveLoss.ForOutputs(outputs, spec.Tasks);
        var reference = ProgressiveLoss.ForOutputs(outputs, spec.Tasks);
        var scorer = served is null ? null : new ExampleScorer(served);
        var scores = new float[outputs.Length];
        foreach (var example in window.Where(example => served is null || example.EventTime > servedThrough))
        {
            scorer?.Score(example, scores);
            for (var i = 0; i < losses.Length; i++)
            {
                if (losses[i].Observes(example))
                {
                    losses[i].Add(example, example.Predicted.Span[losses[i].Index]);
                    if (scorer is not null)
                    {
                        reference[i].Add(example, scores[losses[i].Index]);
                    }
                }
            }
        }

        var compared = losses.Zip(reference, (loss, other) =>
            new GateLoss(loss.Name, loss.Count, loss.Value, served is null ? loss.BaseRate : other.Value)).ToImmutableArray();
        var reasons = compared.Where(loss => loss.Examples > 0).Select(loss => ReasonAgainst(loss, served is not null)).OfType<string>();
        return new PublishedVersion(version, [.. reasons], compared);
    }

    private string? ReasonAgainst(GateLoss loss, bool hasServed)
    {
        var (name, count) = (loss.Output, loss.Examples);
        if (!double.IsFinite(loss.LogLoss))
        {
            return $"{name}: predictions are not finite";
        }

        if (!hasServed)
        {
            return loss.LogLoss < loss.Reference ? null : string.Create(
                CultureInfo.InvariantCulture, $"{name}: log loss {loss.LogLoss:F5} on {count} examples is not below the base rate's {loss.Reference:F5}");
        }

        var limit = loss.Reference * (1 + spec.Training.GateTolerance);
        return loss.LogLoss <= limit ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: log loss {loss.LogLoss:F5} on {count} examples is more than {spec.Training.GateTolerance:P0} above the served version's {loss.Reference:F5}");
    }
}
