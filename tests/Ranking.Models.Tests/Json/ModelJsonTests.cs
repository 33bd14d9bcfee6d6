using System.Text;
using CsCheck;
using Ranking.Core;

namespace Ranking.Models.Tests;

public sealed class ModelJsonTests
{
    private static readonly Gen<ModelSpec> specs =
        from kind in Gen.Enum<ArchitectureKind>()
        from widths in Gen.Int[1, 300].Array[1, 4]
        from experts in Gen.Int[2, 64]
        from rate in Gen.Float[0, 0.9f]
        from interacts in Gen.Bool
        from seed in Gen.ULong
        from learning in Gen.Float[1e-9f, 10]
        from every in Gen.Int[0, 1_000_000]
        from power in Gen.Double.Where(double.IsFinite)
        from formula in Gen.String[Gen.Char[' ', '~'], 1, 20]
        let small = SmallModel.Spec(kind, interacts: interacts)
        select small with
        {
            Architecture = small.Architecture with { Bottom = [.. widths], Expert = [.. widths], Experts = experts, Dropout = rate },
            Training = small.Training with { Seed = seed, LearningRate = learning, BatchEvery = every == 0 ? null : TimeSpan.FromMilliseconds(every) },
            Objectives = [.. small.Objectives, new Objective(formula, formula, small.Objectives[0].Constants.SetItem("power", power))],
        };

    public static TheoryData<ArchitectureKind> Kinds => [.. Enum.GetValues<ArchitectureKind>()];

    public static MatrixTheoryData<ArchitectureKind, bool> Networks => new(Enum.GetValues<ArchitectureKind>(), [false, true]);

    [Fact]
    public void ReadSpec_OfWrittenSpec_GivesEqualParts() => specs.Sample(
        spec =>
        {
            var read = ModelJson.ReadSpec(ModelJson.Write(spec));

            Assert.Equal(spec.Schema.Features, read.Schema.Features);
            Assert.Equal(spec.Schema.Fingerprint, read.Schema.Fingerprint);
            Assert.Equal(spec.Tables, read.Tables);
            Assert.Equal(spec.Tasks.Tasks, read.Tasks.Tasks);
            Assert.Equal(spec.Training, read.Training);
            Assert.Equal(spec.Architecture.Bottom, read.Architecture.Bottom);
            Assert.Equal(spec.Architecture.Dropout, read.Architecture.Dropout);
            Assert.Equal((spec.Architecture.Cross, spec.Architecture.Factorization), (read.Architecture.Cross, read.Architecture.Factorization));
            Assert.Equal(spec.Architecture.FeatureGate, read.Architecture.FeatureGate);
            Assert.Equal(spec.Objectives[1].Constants, read.Objectives[1].Constants);
            Assert.Equal(ModelJson.Write(spec), ModelJson.Write(read));
        },
        iter: 200);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WriteGraph_OfEachArchitecture_EqualsTheGoldenFile(ArchitectureKind kind)
    {
        var json = Encoding.UTF8.GetString(ModelJson.Write(Architecture.Build(SmallModel.Spec(kind, keepNegatives: 0.5f))));
        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", $"{kind}.graph.json");

        Assert.Equal(File.ReadAllText(golden), json);
    }

    [Fact]
    public void WriteGraph_OfAllInteractions_EqualsTheGoldenFile()
    {
        var json = Encoding.UTF8.GetString(ModelJson.Write(Architecture.Build(SmallModel.Spec(ArchitectureKind.SharedBottom, interacts: true))));

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Interactions.graph.json")), json);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void ReadGraph_OfWrittenGraph_GivesTheSameGraph(ArchitectureKind kind, bool interacts)
    {
        var graph = Architecture.Build(SmallModel.Spec(kind, interacts: interacts));

        var read = ModelJson.ReadGraph(ModelJson.Write(graph));

        Assert.Equal(graph.Parameters, read.Parameters);
        Assert.Equal(graph.Outputs, read.Outputs);
        Assert.Equal(graph.Nodes.Select(node => (node.GetType(), node.Width, node.Scopes)), read.Nodes.Select(node => (node.GetType(), node.Width, node.Scopes)));
        Assert.Equal(graph.Nodes.SelectMany(node => node.Inputs), read.Nodes.SelectMany(node => node.Inputs));
    }

    // The hash of a manifest is that of what it is written as: what older versions did not know must not appear in theirs.
    [Theory]
    [InlineData("cross")]
    [InlineData("factorization")]
    [InlineData("feature_gate")]
    [InlineData("embedding")]
    public void WriteSpec_WithoutWhatIsNew_HasTheBytesOfOlderVersions(string property)
    {
        string Written(bool interacts) => Encoding.UTF8.GetString(ModelJson.Write(SmallModel.Spec(ArchitectureKind.Mmoe, interacts: interacts)));

        Assert.DoesNotContain($"\"{property}\":", Written(interacts: false), StringComparison.Ordinal);
        Assert.Contains($"\"{property}\":", Written(interacts: true), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadSpec_WrittenBeforeThereWasCalibration_HasNone()
    {
        var spec = SmallModel.Spec(ArchitectureKind.Mmoe);
        var json = Encoding.UTF8.GetString(ModelJson.Write(spec)).Replace("  \"calibration\": [],\n", "", StringComparison.Ordinal);

        var read = ModelJson.ReadSpec(Encoding.UTF8.GetBytes(json));

        Assert.DoesNotContain("calibration", json, StringComparison.Ordinal);
        Assert.Equal(ModelJson.Write(spec), ModelJson.Write(read));
    }

    [Fact]
    public void ReadGraph_OfACalibratedModel_GivesTheSameGraph()
    {
        var calibration = new CalibrationSpec { Method = CalibrationMethod.Isotonic, By = 4 };
        var graph = Architecture.Build(SmallModel.Spec(ArchitectureKind.Mmoe) with { Calibration = [calibration, calibration with { Method = CalibrationMethod.Platt, By = null }] });

        var read = ModelJson.ReadGraph(ModelJson.Write(graph));

        Assert.Equal(graph.Parameters, read.Parameters);
        Assert.Equal(graph.Nodes.OfType<CalibrationNode>(), read.Nodes.OfType<CalibrationNode>());
        Assert.Equal(["calibration.ctr", "calibration.cvr", "calibration.cvr.joint"], read.Nodes.OfType<CalibrationNode>().Select(node => node.Maps));
    }

    [Fact]
    public void ReadSpec_WithAnUnknownProperty_NamesIt()
    {
        var json = Encoding.UTF8.GetString(ModelJson.Write(SmallModel.Spec(ArchitectureKind.Mmoe))).Replace("\"experts\"", "\"wizards\"", StringComparison.Ordinal);

        var fault = Assert.Throws<ArtifactException>(() => ModelJson.ReadSpec(Encoding.UTF8.GetBytes(json)));

        Assert.Contains("wizards", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadGraph_OfANewerFormat_SaysSo()
    {
        var json = Encoding.UTF8.GetString(ModelJson.Write(Architecture.Build(SmallModel.Spec(ArchitectureKind.Mmoe))))
            .Replace("\"format_version\": 1", "\"format_version\": 2", StringComparison.Ordinal);

        var fault = Assert.Throws<ArtifactException>(() => ModelJson.ReadGraph(Encoding.UTF8.GetBytes(json)));

        Assert.Equal("graph.json", fault.File);
        Assert.Contains("this build reads 'ranking.graph' 1", fault.Reason, StringComparison.Ordinal);
    }
}
