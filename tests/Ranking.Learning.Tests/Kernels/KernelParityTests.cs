using Ranking.Models;

namespace Ranking.Learning.Tests;

/// <summary>The same steps with our kernels and with libtorch's operations.</summary>
public sealed class KernelParityTests
{
    [Theory]
    [MemberData(nameof(LearnerTests.Architectures), MemberType = typeof(LearnerTests))]
    public void Step_OnKernels_EndsWhereLibtorchDoes(ArchitectureKind kind, bool entireSpace) => Compare(kind, entireSpace, "");

    [Theory]
    [MemberData(nameof(TestModel.Interactions), MemberType = typeof(TestModel))]
    public void Step_OfInteractionsOnKernels_EndsWhereLibtorchDoes(ArchitectureKind kind, string interactions) => Compare(kind, entireSpace: true, interactions);

    private static void Compare(ArchitectureKind kind, bool entireSpace, string interactions)
    {
        Assert.SkipUnless(MatrixProduct.IsSupported, "this processor has no AVX-512: libtorch multiplies.");
        var results = new[] { true, false }.Select(useKernels =>
        {
            var spec = TestModel.Spec(kind, entireSpace, training => training with { LearningRate = 0.005f }, interactions: interactions);
            using var learner = new Learner(spec, TestModel.Transforms(spec), new LearnerOptions { UseKernels = useKernels });
            // A few steps: sooner or later some number lies above 0 for one and not for the other, and a ReLU parts them.
            foreach (var batch in TestModel.Examples(1000, seed: 1).Chunk(250))
            {
                learner.Step(batch);
            }

            return (learner.Weights, Outputs: TestModel.Predict(learner, TestModel.Examples(500, seed: 2)));
        }).ToArray();

        foreach (var (name, weights) in results[1].Weights)
        {
            Assert.Equal(weights, results[0].Weights[name], (expected, actual) => Math.Abs(expected - actual) < 1e-3);
        }

        Assert.Equal(results[1].Outputs, results[0].Outputs, (expected, actual) => Math.Abs(expected - actual) < 1e-3);
    }
}
