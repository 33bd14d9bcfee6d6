using Ranking.Models;

namespace Ranking.Inference;

/// <summary>The sum of the trees for each row.</summary>
internal sealed class TreesStep(ValueSlot target, ValueSlot input, TreeEnsemble trees) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        for (var row = 0; row < output.Length; row++)
        {
            output[row] = trees.Sum(workspace.Read(input, row));
        }
    }
}
