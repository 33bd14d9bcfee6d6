using Ranking.Core;
using Ranking.Learning;

namespace Ranking.Trainer;

/// <summary>
/// Impressions between their place in the order and the next step: predicted with the weights of that place, all that
/// wait at once, when there are enough of them or the first of them is asked for.
/// </summary>
internal sealed class PredictedImpressions
{
    private const int Batch = 1024;

    private readonly List<Example> waiting = [];
    private readonly HashSet<UInt128> isWaiting = [];
    private readonly Dictionary<UInt128, float[]> outputs = [];

    /// <summary>Takes the prediction of an impression that still waits for its labels.</summary>
    public Action<UInt128, ReadOnlySpan<float>> Predicted { get; set; } = (_, _) => { };

    /// <summary>An impression at its place.</summary>
    public void Add(Example impression, Learner learner)
    {
        waiting.Add(impression);
        isWaiting.Add(impression.Impression);
        if (waiting.Count == Batch)
        {
            Run(learner);
        }
    }

    /// <summary>The example with the prediction of its impression, where that was made since the last step.</summary>
    public Example Complete(Example example, Learner? learner)
    {
        // None waits before there is a learner.
        if (isWaiting.Contains(example.Impression))
        {
            Run(learner!);
        }

        return example.Predicted.IsEmpty && outputs.TryGetValue(example.Impression, out var row) ? example with { Predicted = row } : example;
    }

    /// <summary>Predicts what waits, before the weights move; what was predicted has been handed out by then.</summary>
    public void Close(Learner learner)
    {
        Run(learner);
        outputs.Clear();
    }

    /// <summary>Predicts what waits.</summary>
    public void Run(Learner learner)
    {
        if (waiting.Count == 0)
        {
            return;
        }

        var width = learner.Outputs.Length;
        var all = new float[waiting.Count * width];
        learner.Predict(waiting.ToArray(), all);
        for (var i = 0; i < waiting.Count; i++)
        {
            var row = all[(i * width)..((i + 1) * width)];
            outputs[waiting[i].Impression] = row;
            Predicted(waiting[i].Impression, row);
        }

        waiting.Clear();
        isWaiting.Clear();
    }

    public void Save(BinaryWriter writer) => ExampleCodec.WriteAll(writer, waiting);

    public void Load(BinaryReader reader)
    {
        waiting.AddRange(ExampleCodec.ReadAll(reader));
        isWaiting.UnionWith(waiting.Select(impression => impression.Impression));
    }
}
