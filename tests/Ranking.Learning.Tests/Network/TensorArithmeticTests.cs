using TorchSharp;

namespace Ranking.Learning.Tests;

public sealed class TensorArithmeticTests
{
    private readonly torch.Tensor left;
    private readonly torch.Tensor right;

    public TensorArithmeticTests()
    {
        LibTorch.Load();
        (left, right) = (torch.tensor([1f, -2f, 3f]), torch.tensor([10f, 20f, 40f]));
    }

    [Fact]
    public void Operations_OfNumbers_AreThoseOfTheirNames()
    {
        Assert.Equal([11f, 18f, 43f], Numbers(left.Add(right)));
        Assert.Equal([1.5f, -1.5f, 3.5f], Numbers(left.Add(0.5f)));
        Assert.Equal([2f, -4f, 6f], Numbers(left.Mul(2)));
        Assert.Equal([0.25f, -0.5f, 0.75f], Numbers(left.Div(4)));
        Assert.Equal([1f, 4f, 9f], Numbers(left.Square()));
        Assert.Equal([101f, 398f, 1603f], Numbers(left.AddCMul(right, right)));
        Assert.Equal([1f, -1f, 2f], Numbers(left.Clamp(-1, 2)));
        Assert.Equal([1f, -2f, 3f], Numbers(left));
    }

    [Fact]
    public void Operations_InPlace_ChangeTheTensor()
    {
        Assert.Equal([11f, 18f, 43f], InPlace(tensor => tensor.Add_(right)));
        Assert.Equal([6f, 8f, 23f], InPlace(tensor => tensor.Add_(right, 0.5f)));
        Assert.Equal([1.5f, -1.5f, 3.5f], InPlace(tensor => tensor.Add_(0.5f)));
        Assert.Equal([2f, -4f, 6f], InPlace(tensor => tensor.Mul_(2)));
        Assert.Equal([0.25f, -0.5f, 0.75f], InPlace(tensor => tensor.Div_(4)));
        Assert.Equal([51f, 198f, 803f], InPlace(tensor => tensor.AddCMul_(right, right, 0.5f)));
        Assert.Equal([1.5f, -1.5f, 3.5f], InPlace(tensor => tensor.AddCDiv_(right, right, 0.5f)));
    }

    private float[] InPlace(Action<torch.Tensor> change)
    {
        using var tensor = left.clone();
        change(tensor);
        return Numbers(tensor);
    }

    private static float[] Numbers(torch.Tensor tensor) => tensor.data<float>().ToArray();
}
