using System.Runtime.InteropServices;
using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>
/// The dense weights, one flat buffer with Adam's two slots beside it, and views of it that the network multiplies with.
/// </summary>
internal sealed class DenseParameters : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly DensePlan plan;
    private readonly TrainingSpec training;
    private readonly Tensor first;
    private readonly Tensor second;
    private readonly Tensor values;

    public DenseParameters(DensePlan plan, TrainingSpec training, Device device)
    {
        (this.plan, this.training) = (plan, training);
        using var scope = NewDisposeScope();
        values = tensor(Initial()).to(device).DetachFromDisposeScope();
        first = zeros_like(values).DetachFromDisposeScope();
        second = zeros_like(values).DetachFromDisposeScope();
        Leaves = [.. plan.Groups.SelectMany(Views)];
    }

    /// <summary>For each group its weight and its bias, as leaves of the gradient's tape.</summary>
    public Tensor[] Leaves { get; }

    /// <summary>Reads or writes the buffer and the slots, for a checkpoint.</summary>
    public float[][] State
    {
        get => [Read(values), Read(first), Read(second)];
        set
        {
            Write(values, value[0]);
            Write(first, value[1]);
            Write(second, value[2]);
        }
    }

    /// <summary>Every parameter by its name in the graph, row-major.</summary>
    public Dictionary<string, float[]> ReadAll()
    {
        var all = Read(values);
        return plan.Parameters.ToDictionary(slice => slice.Parameter.Name, slice => Copy(slice, all));
    }

    /// <summary>
    /// One step of Adam (Kingma and Ba, ICLR 2015; the decay joins the gradient) or AdamW (Loshchilov and Hutter, ICLR
    /// 2019; the decay acts on the weights by itself).
    /// </summary>
    /// <param name="gradients">In the order of <see cref="Leaves"/>.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="scale">What the declared step size is multiplied by.</param>
    public void Step(IEnumerable<Tensor> gradients, long step, float scale)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var gradient = cat([.. gradients.Select(part => part.reshape(-1))]);
        if (training.WeightDecay > 0 && training.Optimizer == DenseOptimizer.Adam)
        {
            gradient.add_(values, training.WeightDecay);
        }
        else if (training.WeightDecay > 0)
        {
            values.mul_(1 - (scale * training.LearningRate * training.WeightDecay));
        }

        first.mul_(Beta1).add_(gradient, 1 - Beta1);
        second.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var correction = Math.Sqrt(1 - Math.Pow(Beta2, step));
        var rate = scale * training.LearningRate * correction / (1 - Math.Pow(Beta1, step));
        values.addcdiv_(first, second.sqrt().add_(Epsilon * correction), -rate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var leaf in Leaves)
        {
            leaf.Dispose();
        }

        values.Dispose();
        first.Dispose();
        second.Dispose();
    }

    private static float[] Read(Tensor tensor)
    {
        using var local = tensor.detach().cpu();
        return MemoryMarshal.Cast<byte, float>(local.bytes).ToArray();
    }

    private static float[] Copy(ParameterSlice slice, float[] all)
    {
        var columns = slice.Parameter.Columns;
        var numbers = new float[slice.Parameter.Length];
        for (var row = 0; row < slice.Parameter.Rows; row++)
        {
            all.AsSpan(slice.Offset + (row * slice.Stride), columns).CopyTo(numbers.AsSpan(row * columns));
        }

        return numbers;
    }

    private static void Write(Tensor target, float[] numbers)
    {
        if (numbers.Length != target.numel())
        {
            throw new ArgumentException($"{numbers.Length} numbers for {target.numel()} dense weights.", nameof(numbers));
        }

        using var quiet = no_grad();
        using var source = tensor(numbers);
        target.copy_(source);
    }

    // Glorot and Bengio (2010) for the weights, zero for the biases; by counter, so that a layer's start depends on its name alone.
    private float[] Initial()
    {
        var all = new float[plan.Length];
        foreach (var (parameter, offset, stride) in plan.Parameters)
        {
            var draws = new InitialRows(training.Seed, parameter.Name);
            var limit = parameter.Rows == 1 && parameter.Name.EndsWith(".bias", StringComparison.Ordinal)
                ? 0 : MathF.Sqrt(6f / (parameter.Rows + parameter.Columns));
            for (var i = 0; i < parameter.Length; i++)
            {
                all[offset + (i / parameter.Columns * stride) + (i % parameter.Columns)] = draws.Uniform(i, limit);
            }
        }

        return all;
    }

    private IEnumerable<Tensor> Views(LayerGroup group)
    {
        var total = group.Widths.Sum();
        var (count, width) = (group.Members.Length, group.Widths[0]);
        long[] weight = group.IsStacked ? [count, group.InputWidth, width] : [group.InputWidth, total];
        long[] bias = group.IsStacked ? [count, 1, width] : [total];
        yield return View(group.WeightOffset, group.InputWidth * total, weight);
        yield return View(group.BiasOffset, total, bias);
    }

    private Tensor View(int offset, int length, long[] shape)
    {
        using var scope = NewDisposeScope();
        return values.narrow(0, offset, length).view(shape).detach().requires_grad_(true).DetachFromDisposeScope();
    }
}
