using Ranking.Core;
using Ranking.Metrics;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>The log loss of one output over examples, beside that of their base rate.</summary>
internal sealed class ProgressiveLoss(GraphOutput output, int index, TaskSet tasks)
{
    private double sum;
    private double weights;
    private double positives;

    public string Name => output.Name;

    /// <summary>The index among the model's outputs.</summary>
    public int Index => index;

    public int Count { get; private set; }

    public double Value => weights == 0 ? 0 : sum / weights;

    /// <summary>What always predicting the examples' own share of positives loses.</summary>
    public double BaseRate
    {
        get
        {
            var rate = positives / weights;
            return weights == 0 ? 0 : (rate * LogLoss.OfRow(rate, true)) + ((1 - rate) * LogLoss.OfRow(rate, false));
        }
    }

    /// <summary>
    /// The log loss as a share of the base rate's (normalised entropy; He et al., Practical Lessons from Predicting Clicks
    /// on Ads at Facebook, ADKDD 2014): a rare outcome's counts as much as a common one's. Null where all labels are equal.
    /// </summary>
    public double? NormalisedEntropy => positives == 0 || positives == weights ? null : Value / BaseRate;

    /// <summary>
    /// The outputs that the gate judges, all of them over every impression: probabilities of unconditional tasks and joint
    /// probabilities of conditional ones.
    /// </summary>
    public static ProgressiveLoss[] ForOutputs(IReadOnlyList<GraphOutput> outputs, TaskSet tasks) =>
        [.. outputs.Select((output, index) => (output, index))
            .Where(pair => pair.output.Kind == OutputKind.Joint
                || (pair.output.Kind == OutputKind.Probability && tasks.ParentOf(pair.output.Task) < 0))
            .Select(pair => new ProgressiveLoss(pair.output, pair.index, tasks))];

    /// <summary>Whether the example says the output's label.</summary>
    public bool Observes(Example example) => (example.Observed >> output.Task & 1) == 1;

    /// <summary>The output's label.</summary>
    public bool LabelOf(Example example) => tasks.IsJointlyPositive(output.Task, example.Labels);

    public void Add(Example example, float prediction)
    {
        var weight = example.Weight / example.SamplingRate;
        var positive = LabelOf(example);
        Count++;
        sum += weight * LogLoss.OfRow(prediction, positive);
        weights += weight;
        positives += positive ? weight : 0;
    }
}
