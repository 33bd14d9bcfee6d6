using Ranking.Core;

namespace Ranking.Trainer;

/// <summary>The newest examples that were predicted before they were learned from.</summary>
internal sealed class GateWindow(int capacity)
{
    private readonly Queue<Example> examples = new();

    public IReadOnlyCollection<Example> Examples => examples;

    public void Add(Example example)
    {
        if (example.Predicted.IsEmpty)
        {
            return;
        }

        if (examples.Count == capacity)
        {
            examples.Dequeue();
        }

        examples.Enqueue(example);
    }

    public void Clear() => examples.Clear();

    public void Save(BinaryWriter writer) => ExampleCodec.WriteAll(writer, examples);

    public void Load(BinaryReader reader)
    {
        foreach (var example in ExampleCodec.ReadAll(reader))
        {
            Add(example);
        }
    }
}
