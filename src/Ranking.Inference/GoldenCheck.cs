using System.Globalization;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>Compares what this machine computes with what the trainer said.</summary>
internal static class GoldenCheck
{
    private const string File = "golden.bin";

    /// <exception cref="ArtifactException">They differ.</exception>
    public static void Run(ServingModel model, GoldenSet golden)
    {
        var names = model.Outputs.Select(output => output.Name);
        if (!names.SequenceEqual(golden.Outputs))
        {
            throw new ArtifactException(File, $"has scores of {string.Join(", ", golden.Outputs)}; the graph has {string.Join(", ", names)}.");
        }

        var (encoder, session) = (model.CreateEncoder(), model.CreateSession());
        var batch = encoder.CreateBatch();
        for (var row = 0; row < golden.Rows.Length; row++)
        {
            var (time, features) = golden.Rows[row];
            encoder.Encode(batch, time, features.User, features.Context, [features.Item], [features.Pair]);
            session.Score(batch);
            for (var output = 0; output < model.Outputs.Length; output++)
            {
                var (expected, found) = (golden.Scores[(row * model.Outputs.Length) + output], session.Output(output)[0]);
                if (!GoldenSet.Agrees(model.Outputs[output].Kind, expected, found))
                {
                    throw new ArtifactException(
                        File,
                        string.Create(CultureInfo.InvariantCulture, $"row {row}, output '{model.Outputs[output].Name}': expected {expected}, found {found}."));
                }
            }
        }
    }
}
