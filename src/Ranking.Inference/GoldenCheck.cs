using System.Globalization;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>Compares what this machine computes with what the trainer said.</summary>
internal static class GoldenCheck
{
    private const string File = "golden.bin";

    /// <exception cref="ArtifactException">They differ by more than the tolerance.</exception>
    public static void Run(ServingModel model, GoldenSet golden, float tolerance)
    {
        var names = model.Outputs.Select(output => output.Name);
        if (!names.SequenceEqual(golden.Outputs))
        {
            throw new ArtifactException(File, $"has scores of {string.Join(", ", golden.Outputs)}; the graph has {string.Join(", ", names)}.");
        }

        foreach (var (row, output, expected, found) in Scores(model, golden))
        {
            if (!(GoldenSet.Deviation(output.Kind, expected, found) <= tolerance))
            {
                throw new ArtifactException(File, string.Create(CultureInfo.InvariantCulture, $"row {row}, output '{output.Name}': expected {expected}, found {found}."));
            }
        }
    }

    /// <summary>The farthest that this machine's scores are from the trainer's; NaN where one is not finite.</summary>
    public static float Deviation(ServingModel model, GoldenSet golden) =>
        Scores(model, golden).Select(score => GoldenSet.Deviation(score.Output.Kind, score.Expected, score.Found)).Aggregate(0f, MathF.Max);

    /// <summary>The inputs with this machine's scores.</summary>
    public static GoldenSet Rescored(ServingModel model, GoldenSet golden) => golden with { Scores = [.. Scores(model, golden).Select(score => score.Found)] };

    private static IEnumerable<(int Row, GraphOutput Output, float Expected, float Found)> Scores(ServingModel model, GoldenSet golden)
    {
        using var session = model.CreateSession();
        var encoder = model.CreateEncoder();
        var batch = encoder.CreateBatch();
        foreach (var (row, (time, features)) in golden.Rows.Index())
        {
            encoder.Encode(batch, time, features.User, features.Context, [features.Item], [features.Pair]);
            session.Score(batch);
            for (var output = 0; output < model.Outputs.Length; output++)
            {
                yield return (row, model.Outputs[output], golden.Scores[(row * model.Outputs.Length) + output], session.Output(output)[0]);
            }
        }
    }
}
