using TorchSharp;

namespace Ranking.Learning.Tests;

public sealed class LibTorchTests
{
    [Fact]
    public void Load_Always_LetsTensorsAdd()
    {
        LibTorch.Load();

        using var sum = torch.tensor([1f, 2f, 3f]) + torch.tensor([10f, 20f, 30f]);

        Assert.Equal([11f, 22f, 33f], sum.data<float>().ToArray());
    }

    [Fact]
    public void Load_Always_KeepsLibTorchOutOfTheOutputFolder() =>
        Assert.False(File.Exists(Path.Combine(AppContext.BaseDirectory, "libtorch_cpu.so")));
}
