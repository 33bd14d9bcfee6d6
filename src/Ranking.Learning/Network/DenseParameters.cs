using System.Runtime.InteropServices;
using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>
/// The dense weights, one flat buffer with Adam's two slots beside it, and views of it that the network multiplies with.
/// </summary>
internal sealed class DenseParameters : IDisposable
{
    private const double Epsilon = 1e-8;
    private const int AdamBlock = 1 << 15;

    private readonly DensePlan plan;
    private readonly TrainingSpec training;
    private readonly ThreadTeam? threads;
    private readonly Tensor first;
    private readonly Tensor second;
    private readonly Tensor values;

    /// <param name="plan">What stands where.</param>
    /// <param name="training">How they learn.</param>
    /// <param name="device">Where they are.</param>
    /// <param name="threads">Those of our own kernels on the CPU; null where libtorch moves the weights.</param>
    public DenseParameters(DensePlan plan, TrainingSpec training, Device device, ThreadTeam? threads)
    {
        (this.plan, this.training, this.threads) = (plan, training, threads);
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

    /// <summary>Takes over the weights and slots of the parameters that another has too.</summary>
    public void TakeOver(DenseParameters other)
    {
        var (own, taken) = (State, other.State);
        var slices = other.plan.Parameters.ToDictionary(slice => slice.Parameter.Name);
        foreach (var slice in plan.Parameters.Where(slice => slices.ContainsKey(slice.Parameter.Name)))
        {
            for (var part = 0; part < own.Length; part++)
            {
                Place(Copy(slices[slice.Parameter.Name], taken[part]), slice, own[part]);
            }
        }

        State = own;
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
    public void Step(IReadOnlyList<Tensor> gradients, long step, float scale)
    {
        var correction = Math.Sqrt(1 - Math.Pow(AdamKernel.Beta2, step));
        var rate = scale * training.LearningRate;
        var (ofGradient, ofWeight) = training.Optimizer == DenseOptimizer.Adam ? (training.WeightDecay, 0f) : (0f, training.WeightDecay);
        var kernel = new AdamKernel(
            (float)(rate * correction / (1 - Math.Pow(AdamKernel.Beta1, step))), (float)(Epsilon * correction), ofGradient, 1 - (rate * ofWeight));
        if (threads is null)
        {
            StepOnDevice(gradients, kernel);
        }
        else
        {
            StepOnCpu(gradients, kernel, threads);
        }
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

    private void StepOnDevice(IReadOnlyList<Tensor> gradients, AdamKernel kernel)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var gradient = cat([.. gradients.Select(part => part.reshape(-1))]);
        gradient.Add_(values, kernel.GradientDecay);
        first.Mul_(AdamKernel.Beta1).Add_(gradient, 1 - AdamKernel.Beta1);
        second.Mul_(AdamKernel.Beta2).AddCMul_(gradient, gradient, 1 - AdamKernel.Beta2);
        values.Mul_(kernel.Kept).AddCDiv_(first, second.sqrt().Add_(kernel.Epsilon), -kernel.Rate);
    }

    // The leaves lie side by side in the buffer, in their order.
    private unsafe void StepOnCpu(IReadOnlyList<Tensor> gradients, AdamKernel kernel, ThreadTeam threads)
    {
        var all = new[] { values, first, second }.Select(tensor => MatrixView.Of(tensor.view(1, -1)).Numbers).ToArray();
        var offset = 0;
        foreach (var gradient in gradients)
        {
            var (from, length) = (offset, (int)gradient.numel());
            var source = MatrixView.Of(gradient.reshape(1, -1)).Numbers;
            threads.For((length + AdamBlock - 1) / AdamBlock, block =>
            {
                var (start, count) = (block * AdamBlock, Math.Min(AdamBlock, length - (block * AdamBlock)));
                Span<float> Part(nint numbers) => new((float*)numbers + from + start, count);
                kernel.Run(Part(all[0]), Part(all[1]), Part(all[2]), new((float*)source + start, count));
            });
            offset += length;
        }
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

    private static void Place(float[] numbers, ParameterSlice slice, float[] all)
    {
        var columns = slice.Parameter.Columns;
        for (var row = 0; row < slice.Parameter.Rows; row++)
        {
            numbers.AsSpan(row * columns, columns).CopyTo(all.AsSpan(slice.Offset + (row * slice.Stride)));
        }
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

    private float[] Initial()
    {
        var all = new float[plan.Length];
        foreach (var slice in plan.Parameters)
        {
            Place(Initial(slice.Parameter), slice, all);
        }

        return all;
    }

    // Zero for the biases; by counter, so that a layer's start depends on its name alone.
    private float[] Initial(GraphParameter parameter)
    {
        var numbers = new float[parameter.Length];
        var draws = new InitialRows(training.Seed, parameter.Name);
        if (parameter.InitialDeviation is { } deviation)
        {
            draws.Normal(0, deviation, numbers);
            return numbers;
        }

        var limit = parameter.Rows == 1 && parameter.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0
            : parameter.Init == DenseInit.FanIn ? 1 / MathF.Sqrt(parameter.Rows)
            : MathF.Sqrt(6f / (parameter.Rows + parameter.Columns));
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = draws.Uniform(i, limit);
        }

        return numbers;
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
