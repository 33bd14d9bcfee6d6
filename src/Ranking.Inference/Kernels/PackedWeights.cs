using System.Collections.Immutable;

namespace Ranking.Inference;

/// <summary>Some columns of a dense layer's weights, which stand together in memory.</summary>
/// <param name="Column">The first of them.</param>
/// <param name="Columns">How many the layer has; the panel's others are zeros.</param>
/// <param name="Lanes">Numbers of a vector of the kernel that reads it.</param>
/// <param name="Vectors">How many vectors side by side, 1 or 2.</param>
/// <param name="Offset">Where it stands, in numbers: [inputs, lanes · vectors], then as many of the bias.</param>
internal readonly record struct WeightPanel(int Column, int Columns, int Lanes, int Vectors, nint Offset)
{
    /// <summary>Numbers from one input to the next.</summary>
    public int Width => Lanes * Vectors;
}

/// <summary>
/// The weights of one scope's part of a dense layer, outside the managed heap, in panels that a kernel reads from front to
/// back: two of the machine's widest vectors each, and one as narrow as will do for the columns that are left.
/// </summary>
internal sealed unsafe class PackedWeights : IDisposable
{
    private readonly NativeFloats numbers;

    /// <param name="weight">[inputs, outputs].</param>
    /// <param name="inputs">Inputs of the part.</param>
    /// <param name="outputs">Outputs of the layer.</param>
    /// <param name="bias">[outputs] with the layer's last part; empty with the others.</param>
    /// <param name="width">The widest vectors to use.</param>
    public PackedWeights(ReadOnlySpan<float> weight, int inputs, int outputs, ReadOnlySpan<float> bias, VectorWidth width)
    {
        (Inputs, Outputs, HasBias) = (inputs, outputs, !bias.IsEmpty);
        Panels = PanelsOf(outputs, inputs, (int)width);
        numbers = new NativeFloats(Panels.Sum(panel => (long)panel.Width * (inputs + 1)));
        foreach (var panel in Panels)
        {
            var target = new Span<float>(At(panel), panel.Width * (inputs + 1));
            for (var input = 0; input < inputs; input++)
            {
                weight.Slice((input * outputs) + panel.Column, panel.Columns).CopyTo(target[(input * panel.Width)..]);
            }

            bias.Slice(HasBias ? panel.Column : 0, HasBias ? panel.Columns : 0).CopyTo(target[(inputs * panel.Width)..]);
        }
    }

    /// <summary>Inputs of the part.</summary>
    public int Inputs { get; }

    /// <summary>Outputs of the layer.</summary>
    public int Outputs { get; }

    /// <summary>Whether it is the layer's last part, which adds the bias.</summary>
    public bool HasBias { get; }

    /// <summary>The panels, by column.</summary>
    public ImmutableArray<WeightPanel> Panels { get; }

    /// <summary>Where a panel's numbers begin.</summary>
    public float* At(WeightPanel panel) => numbers.Numbers + panel.Offset;

    /// <summary>The panel after one, or the first of other weights; null where there is none.</summary>
    public float* After(WeightPanel panel, PackedWeights? next) => panel.Offset + ((nint)panel.Width * (Inputs + 1)) is var offset && offset < numbers.Length
        ? numbers.Numbers + offset
        : next is null ? null : next.numbers.Numbers;

    /// <inheritdoc/>
    public void Dispose() => numbers.Dispose();

    private static ImmutableArray<WeightPanel> PanelsOf(int outputs, int inputs, int lanes)
    {
        var panels = ImmutableArray.CreateBuilder<WeightPanel>();
        var offset = (nint)0;
        for (var column = 0; column < outputs;)
        {
            var left = outputs - column;
            var panel = left > lanes
                ? new WeightPanel(column, Math.Min(left, 2 * lanes), lanes, 2, offset)
                : new WeightPanel(column, left, Narrowest(left, lanes), 1, offset);
            panels.Add(panel);
            offset += (nint)panel.Width * (inputs + 1);
            column += panel.Columns;
        }

        return panels.ToImmutable();
    }

    private static int Narrowest(int columns, int lanes) =>
        lanes == 1 ? 1 : columns <= 4 ? 4 : columns <= 8 ? 8 : 16;
}
