using Ranking.Core;
using Ranking.Learning;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class EpochTrainingTests : IProgress<TrainingStage>
{
    private const int Items = 50;

    private static readonly ModelSpec Model = TinyWorld.Model with
    {
        Tasks = new TaskSet(
        [
            new RankingTask { Name = "common", Outcome = "common", Window = TimeSpan.FromMinutes(1) },
            new RankingTask { Name = "rare", Outcome = "rare", Window = TimeSpan.FromMinutes(1) },
        ]),
        Architecture = new ArchitectureSpec { Kind = ArchitectureKind.SingleTask, Bottom = [8], Tower = [] },
        Training = TinyWorld.Model.Training with { Epochs = 3, LearningRate = 0.01f, EmbeddingLearningRate = 0.01f },
    };

    private readonly List<TrainingStage> told = [];

    [Fact]
    public async Task TrainEpochsAsync_TwoEpochs_TellsHowFarEachIs()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1 };
        var job = TinyWorld.Job with { Model = TinyWorld.Model with { Training = TinyWorld.Model.Training with { Epochs = 2 } } };
        var results = new List<EpochResult>();
        var stage = new LogStage("memory", (from, _) => ValueTask.FromResult<IEventLog>(new ShuffledLog(new TinyWorld(1_000).Entries, from, seed: 1)));
        await new TrainerHost(job, options, new DroppedLetters(), TimeProvider.System) { Stages = this }
            .TrainEpochsAsync(stage, results.Add, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(["Epoch 1 of 2", "Epoch 2 of 2"], told.Select(stage => stage.Name).Distinct());
        foreach (var epoch in told.GroupBy(stage => stage.Name))
        {
            Assert.Equal(epoch.OrderBy(stage => stage.Done), epoch);
            Assert.Equal((1, results[0].Examples), (epoch.Last().Done, epoch.Last().Examples));
        }
    }

    [Fact]
    public void Run_RareTaskImprovesByMoreOfItsBaseRateThanTheCommonOneLoses_GoesOn()
    {
        using var folder = new TemporaryFolder();
        using var train = new ExampleSpool(folder.Combine("train"));
        using var validate = new ExampleSpool(folder.Combine("validate"));
        var random = new Random(1);
        for (var number = 0; number < 2000; number++)
        {
            // What was learned about the common task does not hold in the validation split: its loss only rises.
            var item = random.Next(Items);
            train.Add(Example(number, item, random.NextDouble() < (item % 2 == 0 ? 0.75 : 0.25)));
            validate.Add(Example(number, item, random.NextDouble() < 0.5));
        }

        var losses = new List<double>();
        var training = new EpochTraining(Model, new LearnerOptions { Threads = 1 }, folder.Combine("run"));
        training.Run(train, validate, epoch => losses.Add(epoch.ValidationLoss), TestContext.Current.CancellationToken).Dispose();
        Assert.True(losses is [var first, var second, var third] && first > second && second > third, string.Join(' ', losses));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Run_NothingToLearn_EndsAfterThePatienceWithItsBestEpoch(int patience)
    {
        using var folder = new TemporaryFolder();
        using var train = new ExampleSpool(folder.Combine("train"));
        using var validate = new ExampleSpool(folder.Combine("validate"));
        AddNoise(train, seed: 1);
        AddNoise(validate, seed: 2);

        var model = Model with { Training = Model.Training with { Epochs = 100, EmbeddingLearningRate = 0.3f, Patience = patience } };
        var losses = new List<double>();
        var training = new EpochTraining(model, new LearnerOptions { Threads = 1 }, folder.Combine("run"));
        using var learner = training.Run(train, validate, epoch => losses.Add(epoch.ValidationLoss), TestContext.Current.CancellationToken);

        var best = losses.IndexOf(losses.Min());
        Assert.Equal(best + patience + 1, losses.Count - 1);
        Assert.Equal((best + 1) * (int)Math.Ceiling(1000.0 / model.Training.BatchSize), learner.Steps);
    }

    [Fact]
    public void Run_ResetEachEpoch_TrainsNoRowTwiceOnAnExample()
    {
        using var folder = new TemporaryFolder();
        using var train = new ExampleSpool(folder.Combine("train"));
        using var validate = new ExampleSpool(folder.Combine("validate"));
        AddNoise(train, seed: 1);

        Learner Run(int epochs, bool isReset = true) => new EpochTraining(
            Model with
            {
                Training = Model.Training with { Epochs = epochs, LearningRate = 1e-9f, EmbeddingLearningRate = 0.05f },
                Tables = [.. Model.Tables.Select(table => table with { ResetEachEpoch = isReset, AdmitAfter = 1 })],
            },
            new LearnerOptions { Threads = 1 }, folder.Combine("run")).Run(train, validate, _ => { }, TestContext.Current.CancellationToken);
        using var once = Run(1);
        using var thrice = Run(3);
        using var kept = Run(3, isReset: false);

        // The dense weights stand all but still: the rows moved as far as one epoch moves them, in another order.
        Assert.Equal(Length(once), Length(thrice), Length(once) * 0.1);
        Assert.True(Length(kept) > Length(once) * 1.3, $"{Length(kept)} after three epochs, {Length(once)} after one.");
        Assert.Equal(3 * once.Steps, thrice.Steps);
    }

    [Fact]
    public void Run_TwoNetworks_LearnsEachByItself()
    {
        using var folder = new TemporaryFolder();
        using var train = new ExampleSpool(folder.Combine("train"));
        using var validate = new ExampleSpool(folder.Combine("validate"));
        AddNoise(train, seed: 1);
        AddNoise(validate, seed: 2);
        var results = new List<EpochResult>();
        var two = Model with { Architecture = Model.Architecture with { Members = [Model.Architecture] } };

        using var alone = Run(Model, _ => { });
        using var both = Run(two, results.Add);

        // The first is what it would be without the other.
        var (own, all) = (alone.Weights, both.Weights);
        Assert.All(own.Keys, name => Assert.Equal(own[name], all[name]));
        Assert.Equal(["network 1 of 2, epoch 1 of 3", "network 2 of 2, epoch 1 of 3"], results.Where(result => result.Epoch == 1).Select(result => result.ToString().Split(':')[0]));

        Learner Run(ModelSpec model, Action<EpochResult> progress) => new EpochTraining(model, new LearnerOptions { Threads = 1 }, folder.Combine("run"))
            .Run(train, validate, progress, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Run_NetworkWithEpochsAndBatchesOfItsOwn_LearnsByThem()
    {
        using var folder = new TemporaryFolder();
        using var train = new ExampleSpool(folder.Combine("train"));
        using var validate = new ExampleSpool(folder.Combine("validate"));
        AddNoise(train, seed: 1);
        var results = new List<EpochResult>();
        var (own, declared) = (Model.Architecture with { Epochs = 2, BatchSize = 100 }, Model.Training with { Epochs = 2, BatchSize = 100 });

        using var alone = Run(Model with { Architecture = own }, _ => { });
        using var other = Run(Model with { Training = declared }, _ => { });
        using var both = Run(Model with { Architecture = own with { Members = [Model.Architecture] } }, results.Add);

        Assert.Equal(20, alone.Steps);
        var (first, second, all) = (alone.Weights, other.Weights, both.Weights);
        Assert.All(first.Keys, name => Assert.Equal(second[name], first[name]));
        Assert.All(first.Keys, name => Assert.Equal(first[name], all[name]));
        Assert.Equal([(1, 2), (2, 3)], results.Select(result => (result.Network, result.Epochs)).Distinct());

        Learner Run(ModelSpec model, Action<EpochResult> progress) => new EpochTraining(model, new LearnerOptions { Threads = 1 }, folder.Combine("run"))
            .Run(train, validate, progress, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Run_Trees_AreGrownBesideANetworkThatIsAsItIsAlone()
    {
        using var folder = new TemporaryFolder();
        using var train = new ExampleSpool(folder.Combine("train"));
        using var validate = new ExampleSpool(folder.Combine("validate"));
        AddNoise(train, seed: 1);
        AddNoise(validate, seed: 2);

        using var alone = Run(Model);
        using var both = Run(Model with { Trees = new TreesSpec { ExamplesPerLeaf = 20 } });

        var (own, all) = (alone.Weights, both.Weights);
        Assert.All(own.Keys, name => Assert.Equal(own[name], all[name]));
        Assert.Contains(all["trees.common.leaves"], leaf => leaf != 0);
        Assert.Equal("Growing trees", told[^1].Name);

        Learner Run(ModelSpec model) => new EpochTraining(model, new LearnerOptions { Threads = 1 }, folder.Combine("run"), this)
            .Run(train, validate, _ => { }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Order_OfAnotherNetworkOrEpoch_IsAnother()
    {
        int[][] orders = [.. from seed in new ulong[] { 1, 2 } from network in new[] { 0, 1, 2 } from epoch in new[] { 1, 2, 3 } select NetworkEpochs.Order(seed, network, epoch, 100)];

        Assert.Equal(orders.Length, orders.Select(order => string.Join(',', order)).Distinct().Count());
        Assert.All(orders, order => Assert.Equal(Enumerable.Range(0, 100), order.Order()));
    }

    [Theory]
    [InlineData(2_000, 1)]
    [InlineData(2_000, 2)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    public void Run_Calibrated_IsRightOnTheSplitThatWasNotLearnedFrom(int validation, int networks)
    {
        using var folder = new TemporaryFolder();
        using var train = new ExampleSpool(folder.Combine("train"));
        using var validate = new ExampleSpool(folder.Combine("validate"));
        var random = new Random(1);
        for (var number = 0; number < 30_000; number++)
        {
            var item = random.Next(Items);
            var example = Example(number, item, random.NextDouble() < (item % 2 == 0 ? 0.75 : 0.25));
            train.Add(example);
            if (number < validation)
            {
                // The validation split has another rate of positives than what was learned.
                validate.Add(Example(number, item, random.NextDouble() < 0.2));
            }
        }

        var model = Model with
        {
            Architecture = Model.Architecture with { Members = networks == 1 ? null : [Model.Architecture with { LossWeights = [0.2f, 1], BatchSize = 300 }] },
            Training = Model.Training with { Epochs = 2, GateExamples = 5_000 },
            Calibration = [new CalibrationSpec { Method = CalibrationMethod.Platt }, new CalibrationSpec()],
        };
        using var learner = new EpochTraining(model, new LearnerOptions { Threads = 1 }, folder.Combine("run"))
            .Run(train, validate, _ => { }, TestContext.Current.CancellationToken);

        var common = Assert.Single(learner.Outputs.Index(), output => output.Item.Name == "common").Index;
        var judged = EpochTraining.Predict(learner, validation > 0 ? validate : train).ToArray();
        Assert.Equal(judged.Average(example => (double)(example.Labels & 1)), judged.Average(example => example.Predicted.Span[common]), validation > 0 ? 1e-4 : 0.02);
        Assert.NotEqual([1f, 0f], learner.Weights["calibration.common"]);
        Assert.DoesNotContain("calibration.rare", learner.Weights.Keys);
    }

    void IProgress<TrainingStage>.Report(TrainingStage value) => told.Add(value);

    private static void AddNoise(ExampleSpool spool, int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < 1000; number++)
        {
            spool.Add(Example(number, random.Next(Items), random.NextDouble() < 0.5));
        }
    }

    private static double Length(Learner learner) => learner.Embeddings.Sum(table =>
        Enumerable.Range(0, table.Count).Sum(place => Math.Sqrt(table.Row(place).ToArray().Sum(value => (double)value * value))));

    private static Example Example(int number, int item, bool isCommon)
    {
        var writer = new FeatureRecordWriter(Model.Schema.Fingerprint);
        writer.Write(2, $"i{item}");
        writer.Write(3, item / 10.0);
        return new Example
        {
            Sequence = number,
            EventTime = number,
            Impression = (UInt128)number,
            User = 0,
            Features = new FeatureRecords(default, default, writer.ToArray(), default),
            Labels = (isCommon ? 1u : 0) | (item == 7 ? 2u : 0),
            Observed = 3,
        };
    }
}
