using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>The pooled embedding of a feature: Σ weight · row, ascending; an id without a row takes the feature's unknown row.</summary>
internal sealed class EmbedStep(ValueSlot target, Feature feature, int column, MappedEmbeddingTable table, bool marksUnknown) : Step(target)
{
    private readonly int unknownRow = table.Find(KeyHash.Unknown(feature.Id));

    public override void Run(Workspace workspace)
    {
        var encoded = workspace.Column(feature.Scope, column);
        var keys = encoded.Keys;
        var weights = encoded.Weights;
        var offsets = encoded.Offsets;
        var output = workspace.Write(Target);
        output.Clear();
        var first = workspace.FirstOf(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var sum = output.Slice(row * Target.Width, Target.Width);
            for (var i = offsets[first + row]; i < offsets[first + row + 1]; i++)
            {
                var found = table.Find(keys[i]);
                if (found < 0 && marksUnknown)
                {
                    workspace.Unknown[first + row] = true;
                }

                WeightedSum.Add(sum, weights[i], table.Row(found < 0 ? unknownRow : found), workspace.Width);
            }
        }
    }
}

/// <summary>A transformed number, and whether it is missing where the feature has that column.</summary>
internal sealed class NumberStep(ValueSlot target, Feature feature, int column) : Step(target)
{
    public override void Run(Workspace workspace)
    {
        var encoded = workspace.Column(feature.Scope, column);
        var (first, rows) = (workspace.FirstOf(Target), workspace.RowsOf(Target));
        var values = encoded.Values.Slice(first, rows);
        var missing = encoded.Missing.Slice(first, rows);
        var output = workspace.Write(Target);
        for (var row = 0; row < rows; row++)
        {
            output[row * Target.Width] = values[row];
            if (Target.Width == 2)
            {
                output[(row * 2) + 1] = missing[row];
            }
        }
    }
}

/// <summary>A transformed number by its way through the bins, and whether it is missing where the feature has that column.</summary>
internal sealed class PiecewiseStep(ValueSlot target, Feature feature, int column, float[] borders) : Step(target)
{
    public override void Run(Workspace workspace)
    {
        var encoded = workspace.Column(feature.Scope, column);
        var output = workspace.Write(Target);
        var first = workspace.FirstOf(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var encoding = output.Slice(row * Target.Width, Target.Width);
            if (feature.Missing == MissingRule.Indicator)
            {
                encoding[^1] = encoded.Missing[first + row];
                encoding = encoding[..^1];
            }

            PiecewiseLinear.Encode(encoded.Values[first + row], borders, encoding);
        }
    }
}

/// <summary>Values side by side.</summary>
internal sealed class ConcatStep(ValueSlot target, ValueSlot[] parts) : Step(target)
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        var rows = workspace.RowsOf(Target);
        var from = 0;
        foreach (var part in parts)
        {
            for (var row = 0; row < rows; row++)
            {
                workspace.Read(part, row).CopyTo(output[((row * Target.Width) + from)..]);
            }

            from += part.Width;
        }
    }
}
