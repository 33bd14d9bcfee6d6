using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Metrics;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Predict-then-train metrics over the newest examples: unconditional and joint outputs over all impressions, conditional
/// ones over those whose condition is met. What is not finite is left to the gate.
/// </summary>
internal sealed class ProgressiveMetrics(ImmutableArray<GraphOutput> outputs, TaskSet tasks)
{
    private const int Capacity = 20_000;

    private readonly ProgressiveWindow[] windows = [.. outputs.Select(_ => new ProgressiveWindow(Capacity))];

    public ImmutableArray<OutputMetrics> Current =>
        [.. outputs.Zip(windows)
            .Where(pair => IsProbability(pair.First))
            .Select(pair => MetricsOf(pair.First, pair.Second))];

    public void Add(Example example)
    {
        if (example.Predicted.IsEmpty)
        {
            return;
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            var (kind, task) = (outputs[i].Kind, outputs[i].Task);
            if (!IsProbability(outputs[i]) || (example.Observed >> task & 1) == 0 || !float.IsFinite(example.Predicted.Span[i]))
            {
                continue;
            }

            if (kind == OutputKind.Joint)
            {
                windows[i].Add(example.Predicted.Span[i], tasks.IsJointlyPositive(task, example.Labels));
            }
            else if (tasks.IsConditionMet(task, example.Labels))
            {
                windows[i].Add(example.Predicted.Span[i], (example.Labels >> task & 1) == 1);
            }
        }
    }

    private OutputMetrics MetricsOf(GraphOutput output, ProgressiveWindow window) => new(
        output.Name, tasks.Tasks[output.Task].Name, window.Count, window.Auc, window.LogLoss, window.BaseRateLogLoss, window.CalibrationRatio);

    private static bool IsProbability(GraphOutput output) => output.Kind is OutputKind.Probability or OutputKind.Joint;
}
