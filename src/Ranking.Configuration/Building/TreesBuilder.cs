using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>Makes the trees beside the networks.</summary>
internal sealed class TreesBuilder(JobDocument document, IReadOnlyList<Feature> features, FaultList faults)
{
    private const string Path = "model.trees";

    /// <summary>The trees; null where none are declared.</summary>
    public TreesSpec? Build()
    {
        if (document.Model?.Trees is not { } trees)
        {
            return null;
        }

        if (document.Training.Epochs < 2)
        {
            faults.Add(Path, "trees in a model that learns each example once", "set training.epochs to 2 or more, or leave them out");
        }

        var isCalibrated = (document.Tasks ?? []).Values.Any(task => (task.Calibration ?? document.Calibration).Method != CalibrationMethod.None);
        if (isCalibrated && document.Sources?.Log.Split is null or { Validate.Count: 0 })
        {
            faults.Add(Path, "trees in a model that is calibrated on what it has learned from", "name a validation split (sources.log.split.validate), or leave the calibration or the trees out");
        }

        if (!features.Any(IsNumber))
        {
            faults.Add(Path, "trees without a numeric feature", "declare one, such as a statistic, or leave them out");
        }

        return new TreesSpec
        {
            Share = trees.Share,
            Count = trees.Count,
            Leaves = trees.Leaves,
            LearningRate = trees.LearningRate,
            ExamplesPerLeaf = trees.ExamplesPerLeaf,
            FeatureShare = trees.FeatureShare,
            Examples = trees.Examples,
            LeaveOut = LeftOut.Of(trees.LeaveOut, features, IsNumber, $"{Path}.leave_out", faults),
        };
    }

    private static bool IsNumber(Feature feature) => feature is { IsInput: true, Kind: FeatureKind.Numeric };
}
