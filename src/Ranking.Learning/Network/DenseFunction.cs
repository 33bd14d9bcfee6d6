using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>
/// A group of dense layers on the CPU, y = act(x · W + b), as one step of the gradient's tape: the bias and the ReLU are
/// applied where the product is still in registers.
/// </summary>
internal sealed unsafe class DenseFunction : autograd.SingleTensorFunction<DenseFunction>
{
    /// <inheritdoc/>
    public override string Name => "dense";

    /// <param name="product">Multiplies.</param>
    /// <param name="input">[rows, in] or [members, rows, in].</param>
    /// <param name="weight">[in, out] or [members, in, out].</param>
    /// <param name="bias">[out] or [members, 1, out].</param>
    /// <param name="isRelu">Whether a ReLU follows.</param>
    /// <returns>[rows, out] or [members, rows, out].</returns>
    public static Tensor Apply(MatrixProduct product, Tensor input, Tensor weight, Tensor bias, bool isRelu) =>
        apply(product, input, weight, bias, isRelu);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (product, input, weight, bias, isRelu) = ((MatrixProduct)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (bool)vars[4]);
        var output = empty([.. input.shape[..^1], weight.shape[^1]]);
        product.Run(MatrixView.Of(input), MatrixView.Of(weight), MatrixView.Of(output), Numbers(bias), isRelu);
        ctx.save_data(nameof(product), product);
        ctx.save_data(nameof(isRelu), isRelu);
        ctx.save_for_backward([input, weight, bias, output]);
        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (product, isRelu) = ((MatrixProduct)ctx.get_data("product"), (bool)ctx.get_data("isRelu"));
        var saved = ctx.get_saved_variables();
        var (input, weight, bias, output) = (saved[0], saved[1], saved[2], saved[3]);
        var (gradient, inputs, weights, biases) = (grad_output.contiguous(), empty_like(input), empty_like(weight), empty_like(bias));
        var before = isRelu ? MatrixView.Of(gradient).WhereAboveZero(MatrixView.Of(output)) : MatrixView.Of(gradient);
        product.Run(before, MatrixView.Of(weight).Transposed, MatrixView.Of(inputs));
        product.Run(MatrixView.Of(input).Transposed, before, MatrixView.Of(weights), sums: Numbers(biases));
        return [null!, inputs, weights, biases, null!];
    }

    private static float* Numbers(Tensor bias) => (float*)MatrixView.Of(bias.view(-1, bias.shape[^1])).Numbers;
}
