using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>Where values of the item alone stand among an item's numbers, for candidates to read them there.</summary>
/// <param name="buffer">The buffer of the items' numbers.</param>
internal sealed class ItemLayout(int buffer)
{
    private readonly Dictionary<ValueSlot, ValueSlot> values = [];
    private readonly Dictionary<ValueSlot, float> scales = [];

    /// <summary>The feature that decides whether an item is unknown: its declared id, else the first categorical input of item scope.</summary>
    public static Feature? ItemId(FeatureSchema schema) => schema.Features
        .Where(feature => feature is { IsInput: true, Scope: FeatureScope.Item, Kind: FeatureKind.Categorical, Derived: null })
        .OrderByDescending(feature => feature.IsEntityId)
        .FirstOrDefault();

    /// <summary>The buffer of the items' numbers.</summary>
    public int Buffer => buffer;

    /// <summary>Numbers of an item.</summary>
    public int Width { get; private set; }

    /// <summary>The values.</summary>
    public IEnumerable<ItemValue> Values => values.Select(value => new ItemValue(value.Key, value.Value, scales.GetValueOrDefault(value.Value)));

    /// <summary>Where candidates read a value.</summary>
    /// <param name="computed">Where it is computed.</param>
    /// <param name="isHalf">Whether it is kept in 16 bits; the first who asks for it decides.</param>
    public ValueSlot Place(ValueSlot computed, bool isHalf)
    {
        if (!values.TryGetValue(computed, out var read))
        {
            values[computed] = read = new ValueSlot(buffer, computed.Width, ScopeSet.Candidate, Width, isHalf);
            Width += read.Length;
        }

        return read;
    }

    /// <summary>Keeps a value of 16 bits in <see cref="FixedPoint"/>.</summary>
    /// <param name="read">Where candidates read it.</param>
    /// <param name="scale">Its layer's integers in one.</param>
    public ValueSlot Fix(ValueSlot read, float scale)
    {
        scales[read] = scale * FixedPoint.One;
        return read;
    }
}
