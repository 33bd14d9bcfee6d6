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
            // Adam moves a weight by its whole rate on whichever side of 0 a gradient of no size falls: gradients are compared.
            learner.Step(TestModel.Examples(250, seed: 1));
            return (Gradient: learner.Dense.State[1], Outputs: TestModel.Predict(learner, TestModel.Examples(500, seed: 2)));
        }).ToArray();

        var scale = results[1].Gradient.Max(Math.Abs);
        Assert.Equal(results[1].Gradient, results[0].Gradient, (expected, actual) => Math.Abs(expected - actual) < 1e-4 * scale);
        Assert.Equal(results[1].Outputs, results[0].Outputs, (expected, actual) => Math.Abs(expected - actual) < 1e-2);
    }
}
