using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning.Tests;

public sealed class CalibratorTests
{
    private const int Distorted = 20_000;

    public static TheoryData<CalibrationMethod, int?, bool> Declarations => new()
    {
        { CalibrationMethod.Platt, null, false }, { CalibrationMethod.Platt, null, true }, { CalibrationMethod.Isotonic, null, true },
        { CalibrationMethod.Platt, 3, true }, { CalibrationMethod.Isotonic, 3, false }, { CalibrationMethod.Isotonic, 1, true },
    };

    [Theory]
    [MemberData(nameof(Declarations))]
    public void Calibrate_ModelOfTooManyPositives_MeansOfEveryOutputAreWithinOnePerCent(CalibrationMethod method, int? by, bool entireSpace)
    {
        using var learner = Train(Spec(method, by, entireSpace));
        var held = TestModel.Examples(Distorted, seed: 9);

        var before = Ratios(learner, held);
        learner.Calibrate(Predicted(learner, held));
        var after = Ratios(learner, held);

        Assert.Contains(before, ratio => Math.Abs(ratio - 1) > 0.03);
        Assert.All(after, ratio => Assert.InRange(ratio, 0.99, 1.01));
    }

    [Fact]
    public void Calibrate_Logits_StayAsTheyAre()
    {
        using var learner = Train(Spec(CalibrationMethod.Platt, null, true));
        var held = TestModel.Examples(5_000, seed: 9);
        var before = TestModel.Predict(learner, held);

        learner.Calibrate(Predicted(learner, held));
        var after = TestModel.Predict(learner, held);

        var logit = learner.Outputs.IndexOf(learner.Outputs.First(output => output.Name == "ctr_logit"));
        var ctr = learner.Outputs.IndexOf(learner.Outputs.First(output => output.Name == "ctr"));
        Assert.Equal(before[logit], after[logit]);
        Assert.NotEqual(before[ctr], after[ctr]);
    }

    [Fact]
    public void Step_AfterCalibration_LearnsAsWithoutOne()
    {
        var batch = TestModel.Examples(256, seed: 3);
        using var plain = Train(Spec(CalibrationMethod.None, null, true));
        using var calibrated = Train(Spec(CalibrationMethod.Isotonic, 3, true));
        calibrated.Calibrate(Predicted(calibrated, TestModel.Examples(3_000, seed: 9)));

        plain.Step(batch);
        calibrated.Step(batch);

        Assert.Equal(plain.Dense.State, calibrated.Dense.State);
    }

    [Fact]
    public void SaveAndLoad_OfACalibratedLearner_PredictsTheSame()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var learner = Train(Spec(CalibrationMethod.Isotonic, 3, true));
        var held = TestModel.Examples(3_000, seed: 9);
        learner.Calibrate(Predicted(learner, held));
        learner.Save(folder);

        using var loaded = Learner.Load(folder, new LearnerOptions());

        Assert.Equal(TestModel.Predict(learner, held), TestModel.Predict(loaded, held));
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Calibrate_ExamplesWithoutPredictions_ChangesNothing()
    {
        using var learner = Train(Spec(CalibrationMethod.Platt, null, true));
        var held = TestModel.Examples(1_000, seed: 9);
        var before = TestModel.Predict(learner, held);

        learner.Calibrate(held);

        Assert.Equal(before, TestModel.Predict(learner, held));
    }

    internal static ModelSpec Spec(CalibrationMethod method, int? by, bool entireSpace)
    {
        var calibration = new CalibrationSpec { Method = method, By = by, MinExamples = 200, Slices = 20, Knots = 16 };
        return TestModel.Spec(ArchitectureKind.SharedBottom, entireSpace) with { Calibration = method == CalibrationMethod.None ? [] : [calibration, calibration] };
    }

    internal static Example[] Predicted(Learner learner, Example[] examples)
    {
        var (outputs, width) = (TestModel.Predict(learner, examples), learner.Outputs.Length);
        return [.. examples.Select((example, i) => example with { Predicted = outputs.AsMemory(i * width, width) })];
    }

    // Half of the negatives are weighted away and nobody corrects for it: what is learned is too high.
    private static Learner Train(ModelSpec spec)
    {
        var learner = new Learner(spec, [], new LearnerOptions());
        foreach (var batch in TestModel.Examples(15_000, seed: 1).Where((example, i) => example.Labels != 0 || i % 2 == 0).Chunk(256))
        {
            learner.Step(batch.ToArray());
        }

        return learner;
    }

    // CTR over all, CVR over the clicked, CTCVR over all: mean predicted over mean observed.
    private static double[] Ratios(Learner learner, Example[] examples)
    {
        var (outputs, width) = (TestModel.Predict(learner, examples), learner.Outputs.Length);
        double Ratio(string name, Func<Example, bool> isOf, Func<Example, bool> isPositive)
        {
            var column = learner.Outputs.IndexOf(learner.Outputs.First(output => output.Name == name));
            var rows = Enumerable.Range(0, examples.Length).Where(row => isOf(examples[row])).ToArray();
            return rows.Average(row => outputs[(row * width) + column]) / rows.Average(row => isPositive(examples[row]) ? 1.0 : 0);
        }

        return
        [
            Ratio("ctr", _ => true, example => (example.Labels & 1) == 1),
            Ratio("cvr", example => (example.Labels & 1) == 1, example => example.Labels == 3),
            Ratio("ctcvr", _ => true, example => example.Labels == 3),
        ];
    }
}
