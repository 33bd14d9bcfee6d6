using Ranking.Testing;

namespace Ranking.Configuration.Tests;

public sealed class TreesTests
{
    [Fact]
    public void Load_Trees_StandBesideTheNetworks()
    {
        var model = Load("trees: {share: 0.2, leaves: 8}").Model;

        Assert.Equal((0.2f, 300, 8, 0.03f, 200, 0.3f, 500_000), (model.Trees!.Share, model.Trees.Count, model.Trees.Leaves, model.Trees.LearningRate, model.Trees.ExamplesPerLeaf, model.Trees.FeatureShare, model.Trees.Examples));
        Assert.Equal([0.8f, 0.2f], model.SharesOf(0));
        Assert.False(model.IsOneNetwork);
        Assert.Null(Load("dropout: 0").Model.Trees);
    }

    [Theory]
    [InlineData("leave_out: [price], trees: {}", true)]
    [InlineData("leave_out: [price]", false)]
    public void Load_NumberThatTheNetworkLeavesOut_IsAnInputOfTheTrees(string line, bool isInput) =>
        Assert.Equal(isInput, Load(line).Model.Schema.Find("price")!.IsInput);

    [Theory]
    [InlineData("trees: {share: 1}", "trees.share", "'1'")]
    [InlineData("trees: {leaves: 1}", "trees.leaves", "'1'")]
    [InlineData("trees: {}", "trees", "trees in a model that learns each example once", "epochs: 3", "")]
    [InlineData("trees: {}", "trees", "trees without a numeric feature", "kind: numeric", "dim: 4")]
    [InlineData("trees: {}", "trees", "trees in a model that is calibrated on what it has learned from", "objectives:", "calibration: {method: platt}\nobjectives:")]
    public void Validate_TreesThatDoNotFit_IsAFault(string line, string path, string found, string before = "name", string after = "name")
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("ranking.yaml"), Text(line).Replace(before, after, StringComparison.Ordinal));

        var fault = Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml")));

        Assert.Equal(($"model.{path}", found), (fault.Path, fault.Found));
    }

    private static JobSpec Load(string line)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("ranking.yaml"), Text(line));
        return JobFile.Load(folder.Combine("ranking.yaml"));
    }

    private static string Text(string line) => $$"""
        name: small
        features:
          - {names: [user_id], scope: user, dim: 4}
          - {names: [item_id], scope: item, dim: 8}
          - {names: [age], scope: user, kind: numeric}
          - {names: [price], scope: item, kind: numeric}
        tasks:
          ctr: {outcome: click, window: 10m}
        model: {architecture: shared_bottom, {{line}}}
        objectives:
          clicks: {formula: ctr}
        training: {epochs: 3}
        topics: {partitions: 4}
        store: {path: store}
        """;
}
