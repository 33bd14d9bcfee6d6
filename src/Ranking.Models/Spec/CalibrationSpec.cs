using System.ComponentModel.DataAnnotations;

namespace Ranking.Models;

/// <summary>How a task's probabilities are set right after training.</summary>
public enum CalibrationMethod : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>σ(a · logit + b), a above 0 (Platt, Probabilistic Outputs for Support Vector Machines, 1999).</summary>
    Platt = 1,

    /// <summary>
    /// Isotonic regression by pool adjacent violators (Zadrozny and Elkan, KDD 2002), its blocks joined by straight lines in
    /// the logit, so that the map rises strictly and equal scores stay the only ties.
    /// </summary>
    Isotonic = 2,
}

/// <summary>How one task is calibrated: on predictions that were made before their examples were learned from.</summary>
public sealed record CalibrationSpec
{
    /// <summary>The form of the map.</summary>
    public CalibrationMethod Method { get; init; }

    /// <summary>The id of the categorical input whose values have maps of their own; null where one map serves all.</summary>
    public int? By { get; init; }

    /// <summary>Points of an isotonic map at most.</summary>
    [Range(2, 1024)]
    public int Knots { get; init; } = 32;

    /// <summary>Values with a map of their own at most: those seen most often.</summary>
    [Range(1, 4096)]
    public int Slices { get; init; } = 64;

    /// <summary>Examples that a value needs for a map of its own; for a conditional task, those whose condition is met.</summary>
    [Range(100, 100_000_000)]
    public int MinExamples { get; init; } = 1000;
}
