using Ranking.Testing;

namespace Ranking.Configuration.Tests;

public sealed class DeltaTests
{
    [Theory]
    [InlineData("publish_every: 1m, delta_every: 1s")]
    [InlineData("publish_every_examples: 100000, delta_every: 1s")]
    [InlineData("epochs: 3, online: {step_scale: 1}, publish_every: 1m, delta_every: 1s")]
    public void Load_DeltaEvery_IsOfTheTraining(string training)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(TimeSpan.FromSeconds(1), JobFile.Load(Write(folder, training)).Model.Training.DeltaEvery);
    }

    [Theory]
    [InlineData("delta_every: 1s", "given, and no version that a delta could lie over comes before the end")]
    [InlineData("publish_every: 1s, delta_every: 1s", "1 s, not shorter than training.publish_every, 1 s")]
    public void Validate_DeltasThatDoNotFit_IsAFault(string training, string found)
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Single(JobFile.Validate(Write(folder, training)));
        Assert.Equal(("training.delta_every", found), (fault.Path, fault.Found));
    }

    private static string Write(TemporaryFolder folder, string training)
    {
        var path = folder.Combine("ranking.yaml");
        File.WriteAllText(path, $$"""
            name: small
            features:
              - {names: [user_id], scope: user, dim: 4}
              - {names: [item_id], scope: item, dim: 4}
            tasks:
              ctr: {outcome: click, window: 10m}
            model: {architecture: shared_bottom}
            objectives:
              clicks: {formula: ctr}
            training: { {{training}} }
            topics: {partitions: 4}
            store: {path: store}
            """);
        return path;
    }
}
