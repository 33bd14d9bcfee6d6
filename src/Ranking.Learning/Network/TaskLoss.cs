using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>
/// Binary cross entropy for each task. A label that an example does not bring is masked. A conditional task learns over
/// the rows whose condition is met or, in the entire space, through its joint probability over all rows (Ma et al.,
/// ESMM, SIGIR 2018, eq. 3), with log p = Σ log σ(z) along the chain and log(1 − p) by log-sum-exp: finite everywhere.
/// Networks learn side by side, each by the weights that it gives to the tasks.
/// </summary>
internal sealed class TaskLoss(TaskSet tasks, ImmutableArray<ArchitectureSpec> networks, Device device)
{
    private readonly bool entireSpace = networks[0].EntireSpace;
    private readonly float[][] lossWeights =
        [.. networks.Select(network => Enumerable.Range(0, tasks.Count).Select(task => network.LossWeightOf(tasks, task)).ToArray())];
    private float[] weights = [];
    private float[] targets = [];

    /// <summary>How many rows each task learned from.</summary>
    public int[] Counted { get; } = new int[tasks.Count];

    /// <summary>
    /// [tasks] the weighted sums of the losses, the mean over the networks, and their sum by task weights over rows and
    /// networks: what is lowered.
    /// </summary>
    /// <param name="examples">[rows].</param>
    /// <param name="logits">[networks × tasks] each [rows, 1].</param>
    public (Tensor ByTask, Tensor Total) Compute(ReadOnlySpan<Example> examples, Tensor[] logits)
    {
        Label(examples);
        var rows = examples.Length;
        var weight = tensor(weights.AsSpan(0, tasks.Count * rows).ToArray()).view(tasks.Count, rows).to(device);
        var target = tensor(targets.AsSpan(0, tasks.Count * rows).ToArray()).view(tasks.Count, rows).to(device);
        var losses = logits.Chunk(tasks.Count).Select(network => Compute(network, weight, target)).ToArray();
        var total = losses.Zip(lossWeights, (loss, weights) => loss.dot(tensor(Array.ConvertAll(weights, weight => weight / rows)).to(device)));
        return (losses.Aggregate(TensorArithmetic.Add).Div(losses.Length), total.Aggregate(TensorArithmetic.Add));
    }

    // [tasks] of one network.
    private Tensor Compute(Tensor[] logits, Tensor weight, Tensor target)
    {
        var positive = new Tensor[tasks.Count];
        var negative = new Tensor[tasks.Count];
        for (var task = 0; task < tasks.Count; task++)
        {
            var logit = logits[task].squeeze(1);
            positive[task] = nn.functional.logsigmoid(logit);
            negative[task] = nn.functional.logsigmoid(-logit);
            if (tasks.ParentOf(task) is var parent and >= 0 && entireSpace)
            {
                // 1 − p·q = (1 − p) + p·(1 − q), with p the chain so far.
                negative[task] = negative[parent].logaddexp(positive[parent].Add(negative[task]));
                positive[task] = positive[parent].Add(positive[task]);
            }
        }

        var yes = stack(positive);
        var no = stack(negative);
        return no.Add(target * (yes - no)).mul(weight).sum([1L]).neg();
    }

    private void Label(ReadOnlySpan<Example> examples)
    {
        var rows = examples.Length;
        if (weights.Length < tasks.Count * rows)
        {
            (weights, targets) = (new float[tasks.Count * rows], new float[tasks.Count * rows]);
        }

        for (var task = 0; task < tasks.Count; task++)
        {
            Counted[task] = 0;
            var isJoint = entireSpace && tasks.ParentOf(task) >= 0;
            for (var row = 0; row < rows; row++)
            {
                var example = examples[row];
                var counts = (example.Observed >> task & 1) == 1 && (isJoint || tasks.IsConditionMet(task, example.Labels));
                var isPositive = isJoint ? tasks.IsJointlyPositive(task, example.Labels) : (example.Labels >> task & 1) == 1;
                Counted[task] += counts ? 1 : 0;
                weights[(task * rows) + row] = counts ? example.Weight / example.SamplingRate : 0;
                targets[(task * rows) + row] = isPositive ? 1 : 0;
            }
        }
    }
}
