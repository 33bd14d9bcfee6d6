using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>Looks whether trees beside the networks fit the job.</summary>
internal static class TreesCheck
{
    private const string Path = "model.trees";

    /// <summary>Notes what does not fit.</summary>
    public static void Run(JobDocument document, IReadOnlyList<Feature> features, FaultList faults)
    {
        if (document.Model?.Trees is null)
        {
            return;
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

        if (!features.Any(feature => feature is { IsInput: true, Kind: FeatureKind.Numeric }))
        {
            faults.Add(Path, "trees without a numeric feature", "declare one, such as a statistic, or leave them out");
        }
    }
}
