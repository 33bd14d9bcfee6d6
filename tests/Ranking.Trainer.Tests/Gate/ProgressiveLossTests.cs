using Ranking.Core;
using Ranking.Models;

namespace Ranking.Trainer.Tests;

public sealed class ProgressiveLossTests
{
    private static readonly TaskSet Tasks = new([new RankingTask { Name = "click", Outcome = "click", Window = TimeSpan.FromMinutes(1) }]);

    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    public void NormalisedEntropy_BaseRatePredicted_IsOneHoweverRareThePositives(int every) =>
        Assert.Equal(1, Over(100, every, 1f / every).NormalisedEntropy!.Value, 6);

    [Fact]
    public void NormalisedEntropy_TwoPositivesInFourAtThreeQuarters_IsTheLossOverLn2() =>
        Assert.Equal(-(Math.Log(0.75) + Math.Log(0.25)) / (2 * Math.Log(2)), Over(4, 2, 0.75f).NormalisedEntropy!.Value, 12);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 1)]
    [InlineData(3, 100)]
    public void NormalisedEntropy_LabelsAllEqual_IsNull(int rows, int every) => Assert.Null(Over(rows, every, 0.5f).NormalisedEntropy);

    // Every so many rows, the last of them is positive.
    private static ProgressiveLoss Over(int rows, int every, float prediction)
    {
        var loss = new ProgressiveLoss(new GraphOutput("click", OutputKind.Probability, 0, 0), 0, Tasks);
        for (var row = 1; row <= rows; row++)
        {
            loss.Add(
                new Example
                {
                    Sequence = row,
                    EventTime = row,
                    Impression = (UInt128)row,
                    User = 0,
                    Features = default,
                    Labels = row % every == 0 ? 1u : 0,
                    Observed = 1,
                },
                prediction);
        }

        return loss;
    }
}
