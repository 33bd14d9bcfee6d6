using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>Makes the calibration of each task.</summary>
internal sealed class CalibrationBuilder(JobDocument document, IReadOnlyList<DeclaredFeature> features, FaultList faults)
{
    /// <summary>[tasks] the calibrations; empty where no task has one.</summary>
    public ImmutableArray<CalibrationSpec> Build()
    {
        var shared = Make("calibration", document.Calibration);
        ImmutableArray<CalibrationSpec> byTask =
            [.. (document.Tasks ?? []).Select(task => task.Value.Calibration is { } own ? Make($"tasks.{task.Key}.calibration", own) : shared)];
        return byTask.All(spec => spec.Method == CalibrationMethod.None) ? [] : byTask;
    }

    private CalibrationSpec Make(string path, CalibrationSection section)
    {
        var slicing = features.FirstOrDefault(one => one.Feature.Name == section.By)?.Feature;
        if (section.By is not null && section.Method == CalibrationMethod.None)
        {
            faults.Add($"{path}.by", $"'{section.By}' without a method", "add method: platt or isotonic");
        }
        else if (section.By is not null && !IsSlicing(slicing))
        {
            var slicings = features.Select(one => one.Feature).Where(IsSlicing).Select(feature => feature.Name);
            faults.Add($"{path}.by", $"'{section.By}', which is no categorical input", Spelling.OneOf(section.By, slicings));
        }

        return new CalibrationSpec
        {
            Method = section.Method,
            By = slicing?.Id,
            Knots = section.Knots,
            Slices = section.Slices,
            MinExamples = section.MinExamples,
        };
    }

    // A train-only feature has one value when serving: it slices nothing.
    private static bool IsSlicing(Feature? feature) => feature is { Kind: FeatureKind.Categorical, IsInput: true, TrainOnly: false };
}
