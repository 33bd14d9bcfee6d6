using System.Globalization;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>
/// What a swap to another version costs the requests beside it: a minute at 70 % of saturation with one swap in it against a
/// minute without, in pairs. The server alone on core 0, Redis and the load on core 1.
/// </summary>
internal sealed class SwapLatency : Benchmark
{
    private const int Pairs = 5;
    private const double Seconds = 60;
    private const double WarmSeconds = 25;

    public override string Name => "swap";

    public override string Description => "p99 of Rank at 70 % of saturation with a full swap a minute, against without, in pairs (a number: so many pairs)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var pairs = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Pairs;
        using var setting = await RequestSetting.OpenAsync(figures, cancellation);
        var model = new TrainingModelR(RequestSetting.Rows);
        var models = Path.Combine(setting.Folder, "models");
        RequestModel.Publish(models, model, RequestModel.Second);
        RequestModel.Publish(models, model);
        using var server = await setting.Start(models, model, cancellation, RequestSetting.Patient, RequestSetting.AllItems);
        var saturation = await new RequestFigures(figures, setting.Load, setting.Requests, cancellation).Saturation(server, "");
        await setting.Load.Run(server.GrpcPort, setting.Requests, 0.7 * saturation, WarmSeconds);
        var (ratios, failures, collections) = (new List<double>(), 0, await server.FullCollections(cancellation));
        for (var pair = 0; pair < pairs; pair++)
        {
            cancellation.ThrowIfCancellationRequested();
            var without = await setting.Load.Run(server.GrpcPort, setting.Requests, 0.7 * saturation, Seconds);
            var running = setting.Load.Run(server.GrpcPort, setting.Requests, 0.7 * saturation, Seconds);
            await Task.Delay(TimeSpan.FromSeconds(Seconds / 3), cancellation);
            var served = pair % 2 == 0 ? RequestModel.Second : RequestModel.First;
            new FolderModelStore(models).Promote(model.Spec.Name, served);
            var with = await running;
            failures += without.Counted - without.Ok + with.Counted - with.Ok;
            ratios.Add(with.P99 / without.P99);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  p50 {without.P50:F1} ms, p99 {without.P99:F1} ms without; p50 {with.P50:F1} ms, p99 {with.P99:F1} ms with a swap to {served}; sender late {with.SenderLate:F1} ms"));
            await server.UntilServes(served, cancellation);
        }

        figures.Add("swap_p99_ratio", Median(ratios));
        figures.Add("swap_p99_ratio_least", ratios.Min());
        figures.Add("swap_p99_ratio_most", ratios.Max());
        figures.Add("swap_failures", failures);
        figures.Add("swap_full_collections", await server.FullCollections(cancellation) - collections);
    }
}
