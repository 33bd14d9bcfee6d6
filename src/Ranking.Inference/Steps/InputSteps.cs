using Ranking.Core;

namespace Ranking.Inference;

/// <summary>The pooled embedding of a feature: Σ weight · row, ascending; an id without a row takes the feature's unknown row.</summary>
internal sealed class EmbedStep(ValueSlot target, Feature feature, int column, TableSlot slot, bool marksUnknown) : Step(target)
{
    public override void Run(Workspace workspace)
    {
        var table = workspace.Tables.All[slot.Number];
        var encoded = workspace.Column(feature.Scope, column);
        var keys = encoded.Keys;
        var weights = encoded.Weights;
        var offsets = encoded.Offsets;
        var output = workspace.Write(Target);
        output.Clear();
        var rows = workspace.RowsOf(Target);
        var count = 0;
        for (var row = 0; row < rows; row++)
        {
            var from = workspace.RowOf(Target, row);
            for (var i = offsets[from]; i < offsets[from + 1]; i++, count++)
            {
                table.Prefetch(keys[i]);
            }
        }

        // Each turn finds what the one before asked for on its way: one after another every id would wait for memory twice.
        var found = workspace.TableRows(count);
        count = 0;
        for (var row = 0; row < rows; row++)
        {
            var from = workspace.RowOf(Target, row);
            for (var i = offsets[from]; i < offsets[from + 1]; i++)
            {
                found[count] = table.Find(keys[i]);
                if (found[count] < 0)
                {
                    workspace.Unknown[from] |= marksUnknown;
                    found[count] = slot.UnknownRow;
                }

                table.PrefetchRow(found[count++]);
            }
        }

        count = 0;
        for (var row = 0; row < rows; row++)
        {
            var sum = output.Slice(row * Target.Width, Target.Width);
            var from = workspace.RowOf(Target, row);
            for (var i = offsets[from]; i < offsets[from + 1]; i++)
            {
                WeightedSum.Add(sum, weights[i], table, found[count++], workspace.Width);
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
        var output = workspace.Write(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var from = workspace.RowOf(Target, row);
            output[row * Target.Width] = encoded.Values[from];
            if (Target.Width == 2)
            {
                output[(row * 2) + 1] = encoded.Missing[from];
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
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var from = workspace.RowOf(Target, row);
            var encoding = output.Slice(row * Target.Width, Target.Width);
            if (feature.Missing == MissingRule.Indicator)
            {
                encoding[^1] = encoded.Missing[from];
                encoding = encoding[..^1];
            }

            PiecewiseLinear.Encode(encoded.Values[from], borders, encoding);
        }
    }
}

/// <summary>Values side by side.</summary>
internal sealed class ConcatStep(ValueSlot target, ValueSlot[] parts) : Step(target, [.. parts])
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
