using Microsoft.ML;
using Ranking.Core;
using Ranking.Files;
using Ranking.Metrics;
using Ranking.Testing;

namespace Ranking.Evaluation.Tests;

public sealed class EvaluationRunTests
{
    private static readonly Funnel funnel = new(4000, 1);
    private static readonly EvaluationReport report =
        funnel.Judge(new EvaluationOptions { Test = ["test"], SliceBy = ["tab", "split"] }, knowsTruth: true);

    private static readonly Example[] test = [.. funnel.Examples.Where(example => example.Split == "test")];

    [Theory]
    [InlineData("ctr", 1)]
    [InlineData("cvr", 3)]
    [InlineData("ctcvr", 4)]
    public void Run_EachOutput_AgreesWithMicrosoftMl(string name, int output)
    {
        var rows = test.Where(example => name != "cvr" || (example.Labels & Funnel.Click) != 0)
            .Select(example => new Row
            {
                Label = name == "ctr" ? (example.Labels & Funnel.Click) != 0 : (example.Labels & Funnel.Both) == Funnel.Both,
                Probability = funnel.ScoreOf(example, output),
            }).ToArray();
        var context = new MLContext(1);
        var expected = context.BinaryClassification.Evaluate(context.Data.LoadFromEnumerable(rows), scoreColumnName: nameof(Row.Probability));

        var judged = report.Models[0].Outputs.Single(result => result.Output == name);

        Assert.Equal(rows.Length, judged.Impressions);
        Assert.Equal(rows.Count(row => row.Label), judged.Positives);
        Assert.Equal(expected.AreaUnderRocCurve, judged.Auc, 9);
        // Microsoft.ML counts in bits.
        Assert.Equal(expected.LogLoss * Math.Log(2), judged.LogLoss, 6);
        Assert.Equal(expected.Entropy * Math.Log(2), judged.BaseRateLogLoss, 6);
    }

    [Fact]
    public void Run_KnownTruth_BoundsWhatTheModelReaches()
    {
        foreach (var output in report.Models[0].Outputs)
        {
            Assert.InRange(output.BestAuc!.Value, output.Auc - 0.01, 1);
        }

        var overAll = report.Models[0].Outputs.Single(output => output.Output == "cvr").OverAll!;
        Assert.Equal(
            Auc.Expected([.. test.Select(example => funnel.ScoreOf(example, 3))], [.. test.Select(TrueConversion)]), overAll.Auc, 12);
        Assert.True(overAll.BestAuc > overAll.Auc);
        Assert.Null(report.Models[0].Outputs[0].OverAll);
    }

    [Fact]
    public void Run_NoTruth_HasNoBestAuc() =>
        Assert.All(funnel.Judge(new EvaluationOptions()).Models[0].Outputs, output =>
        {
            Assert.Null(output.BestAuc);
            Assert.Null(output.OverAll);
        });

    [Fact]
    public void Run_SliceByFeature_CutsTheImpressions()
    {
        var tabs = report.Slices.Where(slice => slice.Feature == "tab").ToArray();

        Assert.Equal(["search", "feed"], tabs.Select(slice => slice.Value));
        Assert.Equal(test.Length, tabs.Sum(slice => slice.Impressions));
        var feed = test.Where(example => example.Sequence % 3 == 0).ToArray();
        Assert.Equal(
            Auc.Of([.. feed.Select(example => funnel.ScoreOf(example, 1))], [.. feed.Select(example => (example.Labels & Funnel.Click) != 0)]),
            tabs[1].Outputs[0].Auc, 12);
        Assert.Equal("test", Assert.Single(report.Slices, slice => slice.Feature == "split").Value);
    }

    [Fact]
    public void Run_UnobservedConversions_CountForTheClickAlone()
    {
        var set = new EvaluationSet();
        foreach (var example in test)
        {
            set.Add(Funnel.Copy(example, example.Labels, example.Sequence % 2 == 0 ? Funnel.Click : Funnel.Both));
        }

        var outputs = funnel.Judge(new EvaluationOptions(), set).Models[0].Outputs;

        Assert.Equal([test.Length, test.Count(example => example.Sequence % 2 == 1)], [outputs[0].Impressions, outputs[2].Impressions]);
        Assert.Equal(test.Count(example => example.Sequence % 2 == 1 && (example.Labels & Funnel.Click) != 0), outputs[1].Impressions);
    }

    [Fact]
    public void Run_Progressive_LeavesOutWhatWasNotPredicted()
    {
        var progressive = new EvaluationRun(ProgressiveScorer.Of(funnel.Model, Predictions()), new EvaluationOptions { Test = ["test"] })
            .Run(funnel.Set, cancellation: TestContext.Current.CancellationToken);
        var known = new EvaluationSet();
        foreach (var example in test.Where(example => example.Sequence % 4 != 0))
        {
            known.Add(example);
        }

        Assert.True(progressive.Model.Progressive);
        Assert.Equal(
            funnel.Judge(new EvaluationOptions(), known).Models[0].Outputs.Select(output => (output.Output, output.Auc)).Order(),
            progressive.Models[0].Outputs.Select(output => (output.Output, output.Auc)).Order());
        Assert.Equal(test.Count(example => example.Sequence % 4 == 0), progressive.Data.Unscored);
        Assert.Equal(test.Length - progressive.Data.Unscored, progressive.Data.Impressions);
    }

    [Fact]
    public void Of_PredictionsOfAnotherModel_SaysWhichToGive()
    {
        var other = funnel.Model with { Spec = funnel.Model.Spec with { Name = "other" } };

        var message = Assert.Throws<EvaluationException>(() => ProgressiveScorer.Of(other, Predictions())).Message;

        Assert.Contains("give the file that training of this job wrote", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NothingOfTheSplit_SaysWhichThereAre()
    {
        var message = Assert.Throws<EvaluationException>(() => funnel.Judge(new EvaluationOptions { Test = ["val"] })).Message;

        Assert.Contains("'val'", message, StringComparison.Ordinal);
        Assert.Contains("'train', 'test'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_FaultyOptions_NamesAllFaults()
    {
        var options = new EvaluationOptions
        {
            Resamples = 5,
            SliceValues = 0,
            NdcgAt = 0,
            MinimumDifference = -1,
            ImportanceRows = -1,
            Train = ["a"],
            Test = ["a"],
            Baselines = [BaselineKind.BoostedTrees, BaselineKind.BoostedTrees],
        };

        var message = Assert.Throws<EvaluationException>(() => new EvaluationRun(funnel.Model, options)).Message;

        Assert.Equal(7, message.Split('\n').Length);
        Assert.All(["resamples", "slice_values", "ndcg_at", "minimum_difference", "importance_rows", "baselines", "'a'"], word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Constructor_SliceByNumber_NamesTheFeaturesToChooseOf()
    {
        var thrown = Assert.Throws<EvaluationException>(() => new EvaluationRun(funnel.Model, new EvaluationOptions { SliceBy = ["price"] }));

        Assert.Contains("user, tab, item, split, day_hour, user_history, item_history, position, hour", thrown.Message, StringComparison.Ordinal);
    }

    private static float TrueConversion(Example example)
    {
        Span<float> truth = stackalloc float[2];
        funnel.Truth(example, truth);
        return truth[1];
    }

    // Of three impressions in four, with the outputs in an order of their own.
    private static PredictionFile Predictions()
    {
        using var folder = new TemporaryFolder();
        int[] order = [4, 1, 0, 2, 3];
        using (var writer = PredictionFileWriter.Create(folder.Combine("predictions"), "funnel", [.. order.Select(output => funnel.Model.Outputs[output].Name)]))
        {
            foreach (var example in test.Where(example => example.Sequence % 4 != 0))
            {
                writer.Add(example.Impression, [.. order.Select(output => funnel.ScoreOf(example, output))]);
            }
        }

        return new PredictionFile(folder.Combine("predictions"));
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Probability { get; set; }

        public float Score => Probability;

        public bool PredictedLabel => Probability > 0.5f;
    }
}
