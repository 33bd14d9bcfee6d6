using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class TrainerProgramTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task RunAsync_NoSuchJob_EndsWithTwo() =>
        Assert.Equal(2, await TrainerProgram.RunAsync([folder.Combine("none.yaml"), $"--urls=http://127.0.0.1:{FreePort.Next()}"]));

    public void Dispose() => folder.Dispose();
}
