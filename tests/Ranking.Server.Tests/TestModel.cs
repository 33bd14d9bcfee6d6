using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Server.Tests;

/// <summary>
/// Writes versions whose network answers the same for everybody: <c>ctr</c> is a constant of the version, by which a
/// response shows which version made it; <c>cvr</c> is one half. The objective <c>value</c> tells items apart by price.
/// </summary>
internal static class TestModel
{
    /// <summary>The item that has an embedding row of its own.</summary>
    public const string KnownItem = "known";

    public static ModelSpec Spec(string name) => new()
    {
        Name = name,
        Schema = new FeatureSchema(
        [
            new Feature { Id = 1, Name = "user_id", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user_id", IsEntityId = true },
            new Feature { Id = 2, Name = "item_id", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "item_id", IsEntityId = true },
            new Feature { Id = 3, Name = "price", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item },
            new Feature { Id = 4, Name = "tab", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "tab" },
            new Feature { Id = 5, Name = "affinity", Kind = FeatureKind.Numeric, Scope = FeatureScope.Pair },
            new Feature { Id = 6, Name = "tags", Kind = FeatureKind.List, Scope = FeatureScope.Item, Table = "tags" },
            new Feature { Id = 7, Name = "topics", Kind = FeatureKind.WeightedList, Scope = FeatureScope.User, Table = "topics" },
        ]),
        Tables = [.. new[] { "user_id", "item_id", "tab", "tags", "topics" }.Select(table => new EmbeddingTableSpec { Name = table, Dimension = 4 })],
        Tasks = new TaskSet(
        [
            new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromMinutes(1) },
            new RankingTask { Name = "cvr", Outcome = "conversion", Given = "ctr", Joint = "ctcvr", Window = TimeSpan.FromMinutes(1) },
        ]),
        Architecture = new ArchitectureSpec { Kind = ArchitectureKind.SharedBottom, Bottom = [8], Tower = [4] },
        Objectives =
        [
            new Objective("ctr", "ctr", ImmutableSortedDictionary<string, double>.Empty),
            new Objective("value", "ctr * price * boost", ImmutableSortedDictionary<string, double>.Empty.Add("boost", 1)),
        ],
        Training = new TrainingSpec(),
    };

    /// <summary>Writes a version with that CTR and points servers to it.</summary>
    public static void Publish(string root, string model, string version, double ctr)
    {
        Write(root, model, version, ctr);
        new FolderModelStore(root).Promote(model, version);
    }

    /// <summary>Writes a version of another specification with that CTR and points servers to it.</summary>
    public static void Publish(string root, ModelSpec spec, string version, double ctr)
    {
        Write(root, spec.Name, version, ctr, spec, _ => { });
        new FolderModelStore(root).Promote(spec.Name, version);
    }

    /// <summary>Writes a version with that CTR before calibration, whose odds of a click are doubled in one tab, and points servers to it.</summary>
    public static void PublishCalibrated(string root, string model, string version, double ctr, string doubledTab)
    {
        var calibration = new CalibrationSpec { Method = CalibrationMethod.Platt, By = 4, Slices = 1 };
        Write(root, model, version, ctr, Spec(model) with { Calibration = [calibration, new CalibrationSpec()] }, weights =>
        {
            weights["calibration.ctr"] = [1, 0, 1, MathF.Log(2)];
            CalibrationMap.WriteKey(new KeyHash("tab").Of(System.Text.Encoding.UTF8.GetBytes(doubledTab)), weights["calibration.ctr.slices"]);
        });
        new FolderModelStore(root).Promote(model, version);
    }

    /// <summary>Writes a version with drawn numbers, whose scores differ by all that a request says, and points servers to it.</summary>
    public static void PublishDrawn(string root, string model, string version)
    {
        var random = new Random(3);
        float[] Drawn(float[] numbers) => [.. numbers.Select(_ => (random.NextSingle() * 2) - 1)];
        Write(root, model, version, 0.5, Spec(model), _ => { }, content => content with
        {
            Weights = content.Weights.ToDictionary(weight => weight.Key, weight => Drawn(weight.Value)),
            Tables = [.. content.Tables.Cast<EmbeddingTableData>().Select(table => table with { Rows = Drawn(table.Rows) })],
            Golden = new GoldenSet([], content.Golden.Outputs, []),
        });
        new FolderModelStore(root).Promote(model, version);
    }

    /// <summary>Writes a delta over a full version in which an item's id has a row of that number four times, and points servers to it.</summary>
    public static void PublishDelta(string root, string model, string baseVersion, string version, params (string Item, float Number)[] rows)
    {
        var store = new FolderModelStore(root);
        using var under = ModelArtifact.Open(store.FolderOf(model, baseVersion));
        var hash = new KeyHash("item_id");
        var table = new EmbeddingTableData(
            "item_id", 4, [.. rows.Select(row => hash.Of(System.Text.Encoding.UTF8.GetBytes(row.Item)))], [.. rows.SelectMany(row => Enumerable.Repeat(row.Number, 4))]);
        using var staged = store.Stage(model, version);
        DeltaWriter.Write(staged.Folder, under, [table], under.Golden, under.Manifest.Info with { Version = version, Parent = baseVersion });
        staged.Commit();
        store.Promote(model, version);
    }

    public static void Write(string root, string model, string version, double ctr) => Write(root, model, version, ctr, Spec(model), _ => { });

    private static void Write(string root, string model, string version, double ctr, ModelSpec spec, Action<Dictionary<string, float[]>> calibrate,
        Func<ArtifactContent, ArtifactContent>? change = null)
    {
        var graph = Architecture.Build(spec);
        var weights = graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => new float[parameter.Length]);
        calibrate(weights);
        weights["tower.ctr.logit.bias"][0] = (float)Math.Log(ctr / (1 - ctr));
        var content = new ArtifactContent
        {
            Spec = spec,
            Graph = graph,
            Transforms = [],
            Weights = weights,
            Tables = [.. spec.Tables.Select(table => Table(spec, table))],
            Golden = Golden(spec, graph, (float)ctr),
        };
        using var staged = new FolderModelStore(root).Stage(model, version);
        ArtifactWriter.Write(staged.Folder, change?.Invoke(content) ?? content, new ArtifactInfo
        {
            Version = version,
            TrainedThrough = 1_700_000_000_000,
            Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty),
        });
        staged.Commit();
    }

    private static EmbeddingTableData Table(ModelSpec spec, EmbeddingTableSpec table)
    {
        var reserved = spec.Schema.Features.Where(feature => feature.Table == table.Name)
            .SelectMany(feature => new[] { KeyHash.Missing(feature.Id), KeyHash.Unknown(feature.Id) });
        ulong[] keys = [.. reserved, new KeyHash(table.Name).Of(System.Text.Encoding.UTF8.GetBytes(KnownItem))];
        return new EmbeddingTableData(table.Name, table.Dimension, keys, new float[keys.Length * table.Dimension]);
    }

    private static GoldenSet Golden(ModelSpec spec, ScoringGraph graph, float ctr)
    {
        var rows = GoldenRows.Choose(spec.Schema, []);
        var values = graph.Outputs.Select(output => output.Name switch
        {
            "ctr" => ctr,
            "ctr_logit" => (float)Math.Log(ctr / (1 - ctr)),
            "cvr" => 0.5f,
            "ctcvr" => ctr / 2,
            _ => 0f,
        }).ToArray();
        return new GoldenSet(rows, [.. graph.Outputs.Select(output => output.Name)], [.. rows.SelectMany(_ => values)]);
    }
}
