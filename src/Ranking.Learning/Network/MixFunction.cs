using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>All gates over one set of experts on the CPU, as one step of the gradient's tape.</summary>
internal sealed class MixFunction : autograd.MultiTensorFunction<MixFunction>
{
    /// <inheritdoc/>
    public override string Name => "mix";

    /// <param name="threads">The threads that it may use.</param>
    /// <param name="experts">[experts, rows, width].</param>
    /// <param name="gates">Each [rows, experts].</param>
    /// <returns>For each gate [rows, width].</returns>
    public static List<Tensor> Apply(ThreadTeam threads, Tensor experts, IEnumerable<Tensor> gates) => apply([threads, experts, .. gates]);

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (threads, tensors) = ((ThreadTeam)vars[0], vars[1..].Cast<Tensor>().ToList());
        var (experts, gates) = (MatrixView.Of(tensors[0]), tensors[1..]);
        var outputs = gates.ConvertAll(_ => empty(experts.Rows, experts.Columns));
        ExpertMix.Run(experts, Views(gates), Views(outputs), threads);
        ctx.save_data(nameof(threads), threads);
        ctx.save_for_backward(tensors);
        return outputs;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var (threads, tensors) = ((ThreadTeam)ctx.get_data("threads"), ctx.get_saved_variables());
        var gates = tensors[1..];
        var gradients = tensors.ConvertAll(tensor => empty_like(tensor));
        var byOutputs = grad_outputs.ConvertAll(gradient => gradient.contiguous());
        ExpertMix.RunBackward(
            MatrixView.Of(tensors[0]), Views(gates), Views(byOutputs), Views(gradients[1..]), MatrixView.Of(gradients[0]), threads);
        return [null!, .. gradients];
    }

    private static MatrixView[] Views(List<Tensor> tensors) => [.. tensors.Select(MatrixView.Of)];
}
