using System.Numerics;
using Microsoft.ML.Data;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>
/// One embedded feature as a one-hot field: keys hashed to 2^bits slots, with about two slots for each key seen in
/// training and at most 2^15, so that ids of high cardinality share slots instead of filling memory.
/// </summary>
internal sealed class IdField
{
    private const int MostBits = 15;
    private readonly List<int> offsets = [0];
    private readonly List<ulong> keys = [];
    private readonly List<float> weights = [];
    private float[] logFrequencies = [];

    public IdField(Feature feature) => Feature = feature;

    public Feature Feature { get; }

    /// <summary>How many slots there are; set by <see cref="Fit"/>.</summary>
    public int Slots { get; private set; }

    /// <summary>How many distinct keys the training rows have.</summary>
    public int Distinct { get; private set; }

    public void Append(EncodedColumn column)
    {
        for (var row = 0; row < column.Rows; row++)
        {
            for (var at = column.Offsets[row]; at < column.Offsets[row + 1]; at++)
            {
                keys.Add(column.Keys[at]);
                weights.Add(column.Weights[at]);
            }

            offsets.Add(keys.Count);
        }
    }

    /// <summary>Sizes the field and counts how often each slot is seen, over the first rows.</summary>
    public void Fit(int trainRows)
    {
        Distinct = keys.Take(offsets[trainRows]).Distinct().Count();
        Slots = 1 << Math.Clamp(BitOperations.Log2((uint)Math.Max(1, Distinct)) + 2, 1, MostBits);
        var counts = new int[Slots];
        for (var at = 0; at < offsets[trainRows]; at++)
        {
            counts[SlotOf(keys[at])]++;
        }

        logFrequencies = Array.ConvertAll(counts, count => MathF.Log(1 + count));
    }

    /// <summary>The row as a sparse vector of slots, as ML.NET takes it: ascending, each slot once.</summary>
    public void Read(int row, ref VBuffer<float> into)
    {
        var slots = new SortedList<int, float>();
        for (var at = offsets[row]; at < offsets[row + 1]; at++)
        {
            var slot = SlotOf(keys[at]);
            slots[slot] = slots.GetValueOrDefault(slot) + weights[at];
        }

        var editor = VBufferEditor.Create(ref into, Slots, slots.Count);
        for (var i = 0; i < slots.Count; i++)
        {
            editor.Values[i] = slots.GetValueAtIndex(i);
            if (slots.Count < Slots)
            {
                editor.Indices[i] = slots.GetKeyAtIndex(i);
            }
        }

        into = editor.Commit();
    }

    /// <summary>How common the row's ids are in training: the weighted mean of log(1 + count). Blind to the labels.</summary>
    public float LogFrequency(int row)
    {
        var sum = 0f;
        for (var at = offsets[row]; at < offsets[row + 1]; at++)
        {
            sum += weights[at] * logFrequencies[SlotOf(keys[at])];
        }

        return sum;
    }

    private int SlotOf(ulong key) => (int)(key & (ulong)(Slots - 1));
}
