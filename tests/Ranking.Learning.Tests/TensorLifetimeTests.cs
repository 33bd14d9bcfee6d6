using Ranking.Models;
using TorchSharp;

namespace Ranking.Learning.Tests;

/// <summary>The live tensors are counted for the whole process: these tests run alone.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

[Collection<Alone>]
public sealed class TensorLifetimeTests
{
    [Fact]
    public void Step_ManyTimes_KeepsNoTensor()
    {
        using var learner = new Learner(TestModel.Spec(ArchitectureKind.Mmoe, true), [], new LearnerOptions());
        var examples = TestModel.Examples(64, seed: 1);
        learner.Step(examples);

        // What earlier tests left to the finaliser may go at any moment, and must not count.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = torch.Tensor.TotalCount;
        for (var step = 0; step < 50; step++)
        {
            learner.Step(examples);
        }

        Assert.InRange(torch.Tensor.TotalCount, 0, before);
    }
}
