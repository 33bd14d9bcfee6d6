using Ranking.Core;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Configuration.Tests;

/// <summary>What a job declares between its features and its network, and of numbers as vectors.</summary>
public sealed class InteractionTests
{
    private static readonly string Samples = Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples");

    [Theory]
    [InlineData("cross: {layers: 3, rank: 16}", 3, 16)]
    [InlineData("cross: {layers: 1}", 1, null)]
    [InlineData("cross: {}", 2, null)]
    public void Load_CrossLayers_AreThoseOfTheArchitecture(string line, int layers, int? rank) =>
        Assert.Equal(new CrossSpec(layers, rank), LoadWithModel(line).Cross);

    [Fact]
    public void Load_WithoutInteractions_HasNone()
    {
        var plain = LoadWithModel("dropout: 0.1");

        Assert.Equal((null, false, null), (plain.Cross, plain.Factorization, plain.FeatureGate));
    }

    [Theory]
    [InlineData("feature_gate: {}", 4)]
    [InlineData("feature_gate: {reduction: 8}", 8)]
    public void Load_FeatureGate_IsThatOfTheArchitecture(string line, int reduction) =>
        Assert.Equal(new FeatureGateSpec(reduction), LoadWithModel(line).FeatureGate);

    [Fact]
    public void Load_Members_AreNetworksOfTheirOwnBesideTheFirst()
    {
        var first = LoadWithModel("members: [{architecture: esmm, over: mmoe, experts: 2, dropout: 0.5, leave_out: [user_id]}, {architecture: esmm, bottom: [32], dense_init: fan_in, loss_weights: {cvr: 0.5}}]");

        Assert.Equal(3, first.Networks.Length);
        Assert.Equal((ArchitectureKind.Mmoe, true, 2, 0.5f), (first.Members!.Value[0].Kind, first.Members.Value[0].EntireSpace, first.Members.Value[0].Experts, first.Members.Value[0].Dropout));
        Assert.Single(first.Members.Value[0].LeaveOut!.Value);
        Assert.Equal((ArchitectureKind.SharedBottom, 32), (first.Members.Value[1].Kind, first.Members.Value[1].Bottom.Single()));
        Assert.Null(first.Members.Value[1].LeaveOut);
        Assert.Equal([1, 0.5f], first.Members.Value[1].LossWeights);
        Assert.Null(first.LossWeights);
        Assert.Equal([DenseInit.Glorot, DenseInit.Glorot, DenseInit.FanIn], first.Networks.Select(network => network.DenseInit));
    }

    [Theory]
    [InlineData("members: [{architecture: mmoe}]", "model.members[0].architecture: found a network beside esmm that is none; name esmm for all, or for none")]
    [InlineData("members: [{architecture: esmm, bottom: [8]}, {architecture: esmm, experts: 2}]", "model.members[1].experts: found experts in a network without any; leave experts and expert out, or name mmoe")]
    [InlineData("members: [{architecture: esmm, loss_weights: {cv: 2}}]", "model.members[0].loss_weights: found 'cv', which is no task; did you mean 'cvr'?")]
    [InlineData("members: [{architecture: esmm, loss_weights: {cvr: 0}}]", "model.members[0].loss_weights.cvr: found '0'; give a value from 1E-06 to 1000000")]
    [InlineData("members: [{architecture: esmm, batch_size: 0}]", "model.members[0].batch_size: found '0'; give a value from 1 to 65536")]
    [InlineData("members: [{architecture: esmm, leave_out: [tabb]}]", "model.members[0].leave_out: found 'tabb', which is no feature; did you mean 'tab'?")]
    public void Load_MemberThatDoesNotFit_SaysWhereAndWhatToDo(string line, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => LoadWithModel(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_FactorisationMachine_IsTheArchitectures() => Assert.True(LoadWithModel("fm: true").Factorization);

    [Theory]
    [InlineData("fm: true", "model.fm", "a factorisation machine without two embeddings of one dimension")]
    [InlineData("epochs: 2", "model.epochs", "epochs of one network in a model that learns each example once")]
    [InlineData("members: [{architecture: shared_bottom, leave_out: [user_id, item_id]}]", "model.members[0].leave_out", "all features")]
    public void Validate_NetworkThatDoesNotFitTheJob_IsAFault(string line, string path, string found)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("ranking.yaml"), $$"""
            name: small
            features:
              - {names: [user_id], scope: user, dim: 4}
              - {names: [item_id], scope: item, dim: 8}
              - {names: [spare], scope: item, dim: 8, input: false}
            tasks:
              ctr: {outcome: click, window: 10m}
            model: {architecture: shared_bottom, {{line}}}
            objectives:
              clicks: {formula: ctr}
            training: {}
            topics: {partitions: 4}
            store: {path: store}
            """);

        var fault = Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml")));

        Assert.Equal((path, found), (fault.Path, fault.Found));
    }

    [Fact]
    public void Load_EmbeddedNumbers_HaveTheirOwnShapeAndDefaults()
    {
        var schema = Load(text => text
            .Replace("kind: numeric, transform: log1p}\n  - {names: [friend", "kind: numeric, embed: {kind: piecewise}}\n  - {names: [friend", StringComparison.Ordinal)
            .Replace("transform: log1p}\n  - {names: [video_id", "embed: {kind: periodic, frequencies: 8, deviation: 0.5}}\n  - {names: [video_id", StringComparison.Ordinal)
            .Replace("transform: log1p, missing: indicator}", "embed: {kind: piecewise, bins: 32, dim: 8}}", StringComparison.Ordinal)).Model.Schema;

        Assert.Equal(new NumericEmbedding { Kind = NumericEmbeddingKind.Piecewise, Bins = 16 }, schema.Find("fans_user_num")!.Embedding);
        Assert.Equal(new NumericEmbedding { Kind = NumericEmbeddingKind.Piecewise, Bins = 32, Dimension = 8 }, schema.Find("video_duration")!.Embedding);
        Assert.Equal(new NumericEmbedding { Kind = NumericEmbeddingKind.Periodic, Frequencies = 8, Deviation = 0.5f }, schema.Find("register_days")!.Embedding);
        Assert.Null(schema.Find("age_days")!.Embedding);
    }

    [Theory]
    [InlineData("names: [tab], scope: context, embed: {kind: piecewise}", "embed", "'piecewise'")]
    [InlineData("names: [tab], scope: context, kind: numeric, embed: {kind: periodic, bins: 8}", "embed.bins", "'8'")]
    [InlineData("names: [tab], scope: context, kind: numeric, embed: {kind: piecewise, frequencies: 8}", "embed.frequencies", "'8'")]
    [InlineData("names: [tab], scope: context, kind: numeric, embed: {kind: piecewise, deviation: 0.5}", "embed.deviation", "'0.5'")]
    [InlineData("names: [tab], scope: context, kind: numeric, embed: {kind: periodic, deviation: 0}", "embed.deviation", "'0'")]
    [InlineData("names: [tab], scope: context, kind: numeric, embed: piecewise", "embed", "'piecewise'")]
    public void Validate_EmbeddingThatDoesNotFit_IsAFault(string feature, string key, string found)
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Samples, "kuairand.yaml"));
        File.WriteAllText(folder.Combine("ranking.yaml"), text.Replace("names: [tab], scope: context", feature, StringComparison.Ordinal));

        var fault = Assert.Single(JobFile.Validate(folder.Combine("ranking.yaml")));

        Assert.EndsWith($"].{key}", fault.Path, StringComparison.Ordinal);
        Assert.Equal(found, fault.Found);
    }

    private static JobSpec Load(Func<string, string> change)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("ranking.yaml"), change(File.ReadAllText(Path.Combine(Samples, "kuairand.yaml"))));
        return JobFile.Load(folder.Combine("ranking.yaml"));
    }

    private static ArchitectureSpec LoadWithModel(string line) =>
        Load(text => text.Replace("dropout: 0.2,", $"{line},", StringComparison.Ordinal)).Model.Architecture;
}
