using System.Diagnostics;
using System.Globalization;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>
/// A trainer's part towards servers, in a process of its own on core 1: a delta a second over what is served, with the rows of
/// all ids of the examples that it would have learned from since the full version, and once another full version. It takes what
/// the load leaves of that core, since it stands for a trainer on another machine.
/// </summary>
internal sealed class DeltaTraffic
{
    public const string Verb = "write-deltas";

    // As drawn for requests: frequent items are asked for and learned from alike.
    private const int ExamplesPerSecond = 1_000;
    private const double Step = 0.01;

    private readonly TrainingModelR model = new(RequestSetting.Rows);
    private readonly Random random = new(5);
    private readonly FolderModelStore store;
    private readonly Dictionary<long, float[]>[] moved;
    private ModelArtifact under;

    private DeltaTraffic(string root)
    {
        store = new FolderModelStore(root);
        moved = [.. model.Spec.Schema.Features.Select(_ => new Dictionary<long, float[]>())];
        under = ModelArtifact.Open(RequestSetting.ServedFolder(root, model));
    }

    private string Name => model.Spec.Name;

    /// <summary>Starts it: for so many seconds, with a full version after some of them; gives the mean rows and bytes of a delta.</summary>
    public static async Task<(double Rows, double Bytes)> Run(string root, int seconds, int fullAfter, string full)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Ranking.Benchmarks");
        var output = await Testing.ChildProcess.Run("chrt", "--idle", "0", "taskset", "-c", "1", program, Verb, root, $"{seconds}", $"{fullAfter}", full);
        var means = output.Split(' ', StringSplitOptions.TrimEntries);
        return (double.Parse(means[0], CultureInfo.InvariantCulture), double.Parse(means[1], CultureInfo.InvariantCulture));
    }

    /// <summary>What the process does.</summary>
    public static void WriteFor(IReadOnlyList<string> arguments)
    {
        var (seconds, fullAfter) = (int.Parse(arguments[1], CultureInfo.InvariantCulture), int.Parse(arguments[2], CultureInfo.InvariantCulture));
        var traffic = new DeltaTraffic(arguments[0]);
        var (start, rows, bytes) = (Stopwatch.GetTimestamp(), 0L, 0L);
        for (var second = 1; second <= seconds; second++)
        {
            var early = TimeSpan.FromSeconds(second) - Stopwatch.GetElapsedTime(start);
            Thread.Sleep(early > TimeSpan.Zero ? early : TimeSpan.Zero);
            if (second == fullAfter)
            {
                traffic.PublishFull(arguments[3]);
                continue;
            }

            traffic.Learn();
            var manifest = traffic.PublishDelta();
            rows += traffic.moved.Sum(table => table.Count);
            bytes += manifest.Files.Sum(file => file.Length);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows / (seconds - 1.0)} {bytes / (seconds - 1.0)}"));
    }

    private void PublishFull(string version)
    {
        Array.ForEach(moved, table => table.Clear());
        store.Promote(Name, version);
        under.Dispose();
        under = ModelArtifact.Open(store.FolderOf(Name, version));
    }

    private void Learn()
    {
        for (var example = 0; example < ExamplesPerSecond; example++)
        {
            var (user, item) = (RequestTraffic.Draw(random, RequestTraffic.Users), RequestTraffic.Draw(random, RequestTraffic.Items));
            foreach (var (place, feature) in model.Spec.Schema.Features.Index())
            {
                var id = RequestTraffic.IdOf(model, feature, feature.Scope == FeatureScope.User ? user : item);
                var row = moved[place].TryGetValue(id, out var known) ? known : moved[place][id] = RowOf(feature, id);
                row[random.Next(row.Length)] += (float)(((random.NextDouble() * 2) - 1) * Step);
            }
        }
    }

    private float[] RowOf(Feature feature, long id)
    {
        var table = under.Table(feature.Table!);
        var row = new float[table.Dimension];
        table.Read(table.Find(new KeyHash(feature.Table!).Of(id)), row);
        return row;
    }

    private ArtifactManifest PublishDelta()
    {
        var version = string.Create(CultureInfo.InvariantCulture, $"{under.Version}-{DateTime.UtcNow.Ticks}-delta");
        var tables = model.Spec.Schema.Features.Zip(moved, (feature, rows) =>
        {
            var hash = new KeyHash(feature.Table!);
            return new EmbeddingTableData(feature.Table!, TrainingModelR.Dimension, [.. rows.Keys.Select(hash.Of)], [.. rows.Values.SelectMany(row => row)]);
        });
        using var staged = store.Stage(Name, version);
        var manifest = DeltaWriter.Write(staged.Folder, under, tables, under.Golden, under.Manifest.Info with { Version = version, Parent = under.Version });
        staged.Commit();
        store.Promote(Name, version);
        store.Prune(Name, 2);
        return manifest;
    }
}
