using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Metrics;

namespace Ranking.Evaluation;

/// <summary>
/// Judges the order that an objective gives: NDCG within users and within requests. An impression's gain is the objective's
/// own formula over what happened, each probability replaced by 1 or 0. Impressions whose labels are not all known or for
/// which the formula has no value are left out, as a request leaves them out.
/// </summary>
internal sealed class ObjectiveJudge
{
    private readonly ObjectiveFormula formula;
    private readonly EvaluationOptions options;
    private readonly int[] places;
    private readonly Example[] examples;
    private readonly float[] gains;
    private readonly ulong[] users;
    private readonly bool isDefined;

    public ObjectiveJudge(
        ObjectiveFormula formula, ImmutableArray<JudgedOutput> outputs, TaskSet tasks, IReadOnlyList<LabelledImpression> impressions,
        EvaluationOptions options)
    {
        this.formula = formula;
        this.options = options;
        var needed = formula.Outputs.Aggregate(0u, (mask, output) => mask | outputs[output].Needed);
        var known = Enumerable.Range(0, impressions.Count).Where(row => (impressions[row].Observed & needed) == needed)
            .Select(row => (Row: row, Gain: formula.Evaluate(
                impressions[row].Example, output => outputs[output].IsPositive(tasks, impressions[row]) ? 1 : 0)))
            .Where(pair => !float.IsNaN(pair.Gain)).ToArray();
        places = Array.ConvertAll(known, pair => pair.Row);
        gains = Array.ConvertAll(known, pair => pair.Gain);
        examples = Array.ConvertAll(places, row => impressions[row].Example);
        users = Array.ConvertAll(examples, example => example.User);
        // A loss has no place in a discounted gain.
        isDefined = gains.All(gain => gain >= 0 && float.IsFinite(gain));
    }

    /// <summary>The result of one model; null where it lacks an output, or where outcomes can be worth less than nothing.</summary>
    public ObjectiveReport? Report(ScoredRows scored, int resamples)
    {
        if (!isDefined || formula.Outputs.Any(output => scored.ByOutput[output] is null))
        {
            return null;
        }

        var (byUser, byRequest) = (Of(scored, _ => 0), Of(scored, example => example.EventTime));
        return new ObjectiveReport
        {
            Objective = formula.Objective.Name,
            Formula = formula.Objective.Formula,
            At = options.NdcgAt,
            Impressions = places.Length,
            UserNdcg = byUser.Value,
            UserNdcgInterval = Ends(byUser.Bootstrap(options.Seed, resamples)),
            UserLists = byUser.Lists,
            UserListsLeftOut = byUser.SkippedLists,
            RequestNdcg = byRequest.Value,
            RequestNdcgInterval = Ends(byRequest.Bootstrap(options.Seed, resamples)),
            RequestLists = byRequest.Lists,
            RequestListsLeftOut = byRequest.SkippedLists,
        };
    }

    /// <summary>How two models' NDCG within users differ, in pairs; null where either has none.</summary>
    public ComparedFigure? Compare(ScoredRows scored, ScoredRows other, int resamples)
    {
        if (!isDefined || formula.Outputs.Any(output => scored.ByOutput[output] is null || other.ByOutput[output] is null))
        {
            return null;
        }

        var (first, second) = (Of(scored, _ => 0), Of(other, _ => 0));
        return new ComparedFigure(
            $"NDCG@{options.NdcgAt} of {formula.Objective.Name}", first.Value, second.Value, first.Value - second.Value,
            Ends(Interval.OfPaired(first.Resample(options.Seed, resamples), second.Resample(options.Seed, resamples))));
    }

    private Ndcg Of(ScoredRows scored, Func<Example, long> listOf)
    {
        var scores = new float[places.Length];
        for (var at = 0; at < scores.Length; at++)
        {
            // What probabilities make undefined (a quotient of zeros) stands last.
            var score = formula.Evaluate(examples[at], output => scored.ByOutput[output]![places[at]]);
            scores[at] = float.IsNaN(score) ? float.NegativeInfinity : score;
        }

        return Ndcg.Of(scores, gains, users, Array.ConvertAll(examples, example => listOf(example)), options.NdcgAt);
    }

    private static ImmutableArray<double> Ends(Interval interval) => [interval.Lower, interval.Upper];
}
