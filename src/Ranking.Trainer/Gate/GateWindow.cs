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

    public void Save(BinaryWriter writer)
    {
        writer.Write(examples.Count);
        foreach (var example in examples)
        {
            ExampleCodec.Write(writer, example);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            Add(ExampleCodec.Read(reader));
        }
    }
}
