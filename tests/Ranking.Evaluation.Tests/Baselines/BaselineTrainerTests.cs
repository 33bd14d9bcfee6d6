namespace Ranking.Evaluation.Tests;

public sealed class BaselineTrainerTests
{
    private static readonly EvaluationOptions options = new()
    {
        Train = ["train"],
        Test = ["test"],
        Baselines = [BaselineKind.LogisticRegression, BaselineKind.BoostedTrees, BaselineKind.FactorizationMachine],
    };

    private static readonly Funnel funnel = new(12_000, 2);
    private static readonly EvaluationReport report = funnel.Judge(options);

    [Fact]
    public void Run_Baselines_LearnEveryOutput()
    {
        Assert.Equal(["funnel", "logistic regression", "boosted trees", "factorisation machine"], report.Models.Select(model => model.Name));
        foreach (var baseline in report.Models.Skip(1))
        {
            Assert.Equal(["ctr", "cvr", "ctcvr"], baseline.Outputs.Select(output => output.Output));
            Assert.All(baseline.Outputs, output => Assert.True(output.LogLoss < output.BaseRateLogLoss, $"{baseline.Name} {output.Output} learned nothing"));
        }
    }

    [Fact]
    public void Run_InteractionOfUserAndItem_IsBeyondLogisticRegression()
    {
        var ctr = report.Models.ToDictionary(model => model.Name, model => model.Outputs[0].Auc);

        Assert.True(ctr["factorisation machine"] > ctr["logistic regression"] + 0.01, $"{ctr["factorisation machine"]} against {ctr["logistic regression"]}");
    }

    [Fact]
    public void Run_Joint_IsTheProductOfTheTasks()
    {
        var baseline = report.Models[1].Outputs;

        // The mean of the product of two calibrated factors is near the joint rate, far below either factor's.
        Assert.InRange(baseline[2].Calibration.Ratio, 0.85, 1.15);
        Assert.True(baseline[2].Calibration.MeanPredicted < 0.8 * baseline[0].Calibration.MeanPredicted);
    }

    [Fact]
    public void Run_Again_GivesTheSameReport()
    {
        var again = funnel.Judge(options);

        Assert.Equal(Written(report), Written(again));
    }

    [Fact]
    public void Run_Differences_ArePairedWithEveryBaseline()
    {
        Assert.Equal(9, report.Differences.Length);
        var difference = report.Differences.Single(other => other.Output == "ctr" && other.Against == "boosted trees");
        Assert.Equal(report.Models[0].Outputs[0].Auc - report.Models[2].Outputs[0].Auc, difference.AucDifference, 12);
        Assert.True(difference.Interval[0] > 0, "scores that nearly are the truth beat what is learned from 8,400 rows");
    }

    [Fact]
    public void Run_TrainSplitWithoutRows_Throws() =>
        Assert.Contains("'none'", Assert.Throws<EvaluationException>(
            () => funnel.Judge(options with { Train = ["none"] })).Message, StringComparison.Ordinal);

    private static string Written(EvaluationReport report)
    {
        var writer = new StringWriter();
        ReportWriter.WriteJson(report, writer);
        return writer.ToString();
    }
}
