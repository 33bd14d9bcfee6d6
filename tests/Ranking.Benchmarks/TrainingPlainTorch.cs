using Ranking.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ranking.Benchmarks;

/// <summary>
/// Model R as TorchSharp's own parts give it: an embedding a feature with a dense gradient, sequential experts, Adam
/// over everything. It is given row numbers and labels as tensors: reading features costs it nothing.
/// </summary>
internal sealed class TrainingPlainTorch : nn.Module
{
    private readonly ModuleList<Embedding> embeddings;
    private readonly ModuleList<Sequential> experts;
    private readonly ModuleList<Linear> gates;
    private readonly ModuleList<Sequential> towers;
    private readonly optim.Optimizer optimizer;

    public TrainingPlainTorch(long idsPerTable)
        : base("plain")
    {
        const int width = TrainingModelR.Features * TrainingModelR.Dimension;
        embeddings = new([.. Enumerable.Range(0, TrainingModelR.Features).Select(_ => nn.Embedding(idsPerTable, TrainingModelR.Dimension))]);
        experts = new([.. Enumerable.Range(0, 8).Select(_ => nn.Sequential(nn.Linear(width, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU()))]);
        gates = new([.. Enumerable.Range(0, 2).Select(_ => nn.Linear(width, 8))]);
        towers = new([.. Enumerable.Range(0, 2).Select(_ => nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1)))]);
        RegisterComponents();
        optimizer = optim.Adam(parameters(), 0.001);
    }

    public static Tensor[] Columns(long[,] ids) => [.. Enumerable.Range(0, TrainingModelR.Features).Select(feature =>
        tensor(Enumerable.Range(0, TrainingModelR.BatchSize).Select(example => ids[example, feature]).ToArray()))];

    public static Tensor Labels(Example[] examples, uint mask) =>
        tensor(examples.Select(example => (example.Labels & mask) == mask ? 1f : 0f).ToArray()).view(-1, 1);

    public void Step(Tensor[] ids, Tensor clicks, Tensor conversions)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var input = cat([.. embeddings.Select((embedding, feature) => embedding.call(ids[feature]))], 1);
        var outputs = stack([.. experts.Select(expert => expert.call(input))], 1);
        var logits = gates.Zip(towers, (gate, tower) =>
            tower.call((gate.call(input).softmax(1).unsqueeze(2) * outputs).sum([1L]))).ToList();
        var (click, joint) = (logits[0].sigmoid(), logits[0].sigmoid() * logits[1].sigmoid());
        var loss = nn.functional.binary_cross_entropy(click, clicks) + nn.functional.binary_cross_entropy(joint, conversions);
        loss.backward();
        optimizer.step();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            optimizer.Dispose();
        }

        base.Dispose(disposing);
    }
}
