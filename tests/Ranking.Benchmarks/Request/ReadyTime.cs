using System.Globalization;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// A server with a model of a gigabyte, alone on core 0: seconds from its start until it is ready, with the model's files in
/// memory as after an upload and with none of them there; and after a while under load, all caches full, what it holds of memory
/// at the most beyond what it has mapped of the model and its caches' bounds.
/// </summary>
internal sealed class ReadyTime : Benchmark
{
    // 72 bytes each: a key and 16 numbers.
    private const long Rows = 13_950_000;
    private const int Starts = 5;
    private const double LoadSeconds = 30;
    private const double Rate = 100;

    // As the server has them unless it is told otherwise.
    private const int ItemCacheMegabytes = 256;
    private const int FeatureCacheMegabytes = 64;
    private const double Megabyte = 1 << 20;

    public override string Name => "ready";

    public override string Description => "a model of 1 GB: seconds until a server is ready, and what it holds of memory beyond the model and its caches";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var setting = await RequestSetting.OpenAsync(figures, cancellation);
        var model = new TrainingModelR(Rows);
        var models = Path.Combine(setting.Folder, "models");
        RequestModel.Publish(models, model);
        var files = Directory.GetFiles(RequestSetting.ServedFolder(models, model), "*", SearchOption.AllDirectories);
        var modelBytes = files.Sum(file => new FileInfo(file).Length);
        figures.Add("model_megabytes", modelBytes / Megabyte);
        var (ready, fromDisk) = (new List<double>(), new List<double>());
        for (var start = 0; start < Starts; start++)
        {
            cancellation.ThrowIfCancellationRequested();
            await DropFromMemory(files);
            fromDisk.Add(await Started());
            ready.Add(await Started());
        }

        figures.Add("ready_seconds", Median(ready));
        figures.Add("ready_seconds_most", ready.Max());
        figures.Add("ready_from_disk_seconds", Median(fromDisk));
        figures.Add("ready_from_disk_seconds_most", fromDisk.Max());

        using var loaded = await setting.Start(models, model, cancellation);
        await setting.Load.Run(loaded.GrpcPort, setting.Requests, Rate, LoadSeconds);
        var (resident, mapped) = (loaded.MostResidentMegabytes(), loaded.MappedMegabytes(models));
        figures.Add("resident_megabytes", resident);
        figures.Add("mapped_megabytes", mapped);
        figures.Add("resident_beyond_megabytes", resident - mapped - ItemCacheMegabytes - FeatureCacheMegabytes);

        async Task<double> Started()
        {
            using var server = await setting.Start(models, model, cancellation);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ready after {server.ReadyAfter:F2} s"));
            return server.ReadyAfter;
        }
    }

    private static async Task DropFromMemory(string[] files)
    {
        foreach (var file in files)
        {
            await ChildProcess.Run("sync", file);
            await ChildProcess.Run("dd", $"if={file}", "iflag=nocache", "count=0");
        }
    }
}
