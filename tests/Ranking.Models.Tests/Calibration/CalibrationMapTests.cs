namespace Ranking.Models.Tests;

public sealed class CalibrationMapTests
{
    [Fact]
    public void Apply_Platt_IsALineOfTheSlice()
    {
        var map = Map(CalibrationMethod.Platt, [1, 0, 2, 0.5f], key: 0xFEDC_BA98_7654_3210);

        Assert.Equal(2.5f, map.Apply(0xFEDC_BA98_7654_3210, 1));
        Assert.Equal(1, map.Apply(0xFEDC_BA98_7654_3211, 1));
    }

    [Fact]
    public void Apply_Isotonic_JoinsTheKnotsAndGoesOnAtTheSlopeOfTheIdentity()
    {
        var map = Map(CalibrationMethod.Isotonic, [-1, 0, 1, -2, 0, 0.5f], key: null);

        Assert.Equal([-4, -2, -1, 0, 0.25f, 0.5f, 2.5f], new[] { -3, -1, -0.5f, 0, 0.5f, 1, 3 }.Select(logit => map.Apply(7, logit)));
        Assert.True(float.IsNaN(map.Apply(7, float.NaN)));
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    public void Identities_OfAGraph_ChangeNothing(CalibrationMethod method)
    {
        var calibration = new CalibrationSpec { Method = method, By = 4, Slices = 3, Knots = 5 };
        var graph = Architecture.Build(SmallModel.Spec(ArchitectureKind.Mmoe) with { Calibration = [calibration, calibration] });

        var parameters = CalibrationMap.Identities(graph);

        Assert.All(parameters, pair => Assert.Equal(graph.Parameters.First(parameter => parameter.Name == pair.Key).Length, pair.Value.Length));
        Assert.All(graph.Nodes.OfType<CalibrationNode>(), node => Assert.Equal(
            [-9.5f, 0, 1.75f, 30], new[] { -9.5f, 0, 1.75f, 30 }.Select(logit => new CalibrationMap(node, parameters).Apply(5, logit))));
    }

    private static CalibrationMap Map(CalibrationMethod method, float[] maps, ulong? key)
    {
        var parameters = new Dictionary<string, float[]> { ["maps"] = maps };
        if (key is { } slice)
        {
            parameters["slices"] = new float[4];
            CalibrationMap.WriteKey(slice, parameters["slices"]);
        }

        return new CalibrationMap(new CalibrationNode(0, method, "maps", key is null ? null : "slices", 1) { Width = 1, Scopes = ScopeSet.User }, parameters);
    }
}
