using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>The calibrated logit, by the map of the row's slice.</summary>
/// <param name="target">What it writes.</param>
/// <param name="input">The logit.</param>
/// <param name="map">The maps.</param>
/// <param name="slicing">The feature whose value chooses the map; null where there is one map.</param>
/// <param name="column">The feature's place among the columns of its scope.</param>
internal sealed class CalibrationStep(ValueSlot target, ValueSlot input, CalibrationMap map, Feature? slicing, int column) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        var keys = slicing is null ? [] : workspace.Column(slicing.Scope, column).Keys;
        var output = workspace.Write(Target);
        for (var row = 0; row < output.Length; row++)
        {
            // One key stands for all rows where the feature is the user's or the request's.
            var slice = keys.IsEmpty ? 0 : keys[keys.Length == 1 ? 0 : workspace.RowOf(Target, row)];
            output[row] = map.Apply(slice, workspace.Read(input, row)[0]);
        }
    }
}
