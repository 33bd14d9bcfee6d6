using Ranking.Testing;

namespace Ranking.Configuration.Tests;

public sealed class FreezeHistoryTests
{
    private const string Split = "split: {column: split, train: [a], validate: [b], test: [c]}";

    [Fact]
    public void Load_FreezeHistory_IsOfTheTraining()
    {
        using var folder = new TemporaryFolder();
        Assert.True(JobFile.Load(Write(folder, Split, "epochs: 3")).Model.Training.FreezeHistory);
    }

    [Theory]
    [InlineData(Split, "epochs: 1", "true in a model that learns along its log, as statistics do")]
    [InlineData(Split, "epochs: 3, online: {step_scale: 1}", "true in a model that learns along its log, as statistics do")]
    [InlineData("split: {column: split, train: [a], test: [c]}", "epochs: 3", "true without a validation split, which alone it changes")]
    [InlineData("position: place", "epochs: 3", "true without a validation split, which alone it changes")]
    public void Validate_FreezeHistoryThatDoesNotFit_IsAFault(string split, string training, string found)
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Single(JobFile.Validate(Write(folder, split, training)));
        Assert.Equal(("training.freeze_history", found), (fault.Path, fault.Found));
    }

    private static string Write(TemporaryFolder folder, string split, string training)
    {
        var path = folder.Combine("ranking.yaml");
        File.WriteAllText(path, $$"""
            name: small
            sources:
              log:
                path: log.csv
                user: user_id
                item: item_id
                time: {column: at, unit: ms}
                {{split}}
                outcomes:
                  click: {when: clicked}
            features:
              - {names: [user_id], scope: user, dim: 4}
              - {names: [item_id], scope: item, dim: 4}
            tasks:
              ctr: {outcome: click, window: 10m}
            model: {architecture: shared_bottom}
            objectives:
              clicks: {formula: ctr}
            training: {freeze_history: true, {{training}} }
            topics: {partitions: 4}
            store: {path: store}
            """);
        return path;
    }
}
