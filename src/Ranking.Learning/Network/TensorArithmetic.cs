using TorchSharp;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>
/// Sums and scalings by torch's names. TorchSharp's own take each number, the 1 of <c>a + b</c> and the 2 of a square too, as a
/// <c>Scalar</c> that nothing holds while native code reads it: a collection at that moment may free it, and the operation fails
/// (42 of 477,381 sums with a collection each millisecond) or computes with what stands there since. These hold it; the others
/// that this project has used are banned in it (<c>BannedSymbols.txt</c>).
/// </summary>
#pragma warning disable RS0030 // Scalars are made here, and each is held until its operation is done.
internal static class TensorArithmetic
{
    private static readonly Scalar one = 1;

    public static Tensor Add(this Tensor tensor, Tensor other) => tensor.add(other, one);

    public static Tensor Add(this Tensor tensor, float number) => With(number, scalar => tensor.add(scalar, one));

    public static Tensor Add_(this Tensor tensor, Tensor other) => tensor.add_(other, one);

    public static Tensor Add_(this Tensor tensor, Tensor other, float alpha) => With(alpha, scalar => tensor.add_(other, scalar));

    public static Tensor Add_(this Tensor tensor, float number) => With(number, scalar => tensor.add_(scalar, one));

    public static Tensor Mul(this Tensor tensor, float number) => With(number, scalar => tensor.mul(scalar));

    public static Tensor Mul_(this Tensor tensor, float number) => With(number, scalar => tensor.mul_(scalar));

    public static Tensor Div(this Tensor tensor, float number) => With(number, scalar => tensor.div(scalar));

    public static Tensor Div_(this Tensor tensor, float number) => With(number, scalar => tensor.div_(scalar));

    public static Tensor Square(this Tensor tensor) => tensor.mul(tensor);

    public static Tensor AddCMul(this Tensor tensor, Tensor first, Tensor second) => tensor.addcmul(first, second, one);

    public static Tensor AddCMul_(this Tensor tensor, Tensor first, Tensor second, float value) =>
        With(value, scalar => tensor.addcmul_(first, second, scalar));

    public static Tensor AddCDiv_(this Tensor tensor, Tensor numerator, Tensor denominator, float value) =>
        With(value, scalar => tensor.addcdiv_(numerator, denominator, scalar));

    public static Tensor Clamp(this Tensor tensor, float least, float most) =>
        With(least, lower => With(most, upper => tensor.clamp(lower, upper)));

    private static Tensor With(float number, Func<Scalar, Tensor> operation)
    {
        using Scalar scalar = number;
        return operation(scalar);
    }
}
