using System.Globalization;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>
/// What new versions cost the requests beside them: a minute at 70 % of saturation with a full swap in it and a delta a second,
/// or with the swap alone, against a minute without, in pairs. The server alone on core 0, all else on core 1.
/// </summary>
internal sealed class SwapLatency : Benchmark
{
    private const int Pairs = 5;
    private const double Seconds = 60;
    private const double WarmSeconds = 25;

    public override string Name => "swap";

    public override string Description => "p99 of Rank at 70 % of saturation with a full swap a minute and a delta a second, against without, in pairs (a number: so many pairs; full: no deltas)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var pairs = arguments.Where(argument => char.IsAsciiDigit(argument[0])).Select(argument => int.Parse(argument, CultureInfo.InvariantCulture)).Append(Pairs).First();
        var hasDeltas = !arguments.Contains("full");
        using var setting = await RequestSetting.OpenAsync(figures, cancellation);
        var model = new TrainingModelR(RequestSetting.Rows);
        var models = Path.Combine(setting.Folder, "models");
        RequestModel.Publish(models, model, RequestModel.Second);
        RequestModel.Publish(models, model);
        using var server = await setting.Start(models, model, cancellation, RequestSetting.Patient, RequestSetting.AllItems);
        var saturation = await new RequestFigures(figures, setting.Load, setting.Requests, cancellation).Saturation(server, "");
        await setting.Load.Run(server.GrpcPort, setting.Requests, 0.7 * saturation, WarmSeconds);
        var (ratios, failures, collections) = (new List<double>(), 0, await server.FullCollections(cancellation));
        var (kept, processor, deltas) = (new List<double>(), new List<double>(), new List<(double Rows, double Bytes)>());
        for (var pair = 0; pair < pairs; pair++)
        {
            cancellation.ThrowIfCancellationRequested();
            var idle = server.CpuSeconds();
            var without = await setting.Load.Run(server.GrpcPort, setting.Requests, 0.7 * saturation, Seconds);
            var before = await server.ItemReads(cancellation);
            var start = server.CpuSeconds();
            var running = setting.Load.Run(server.GrpcPort, setting.Requests, 0.7 * saturation, Seconds);
            var full = pair % 2 == 0 ? RequestModel.Second : RequestModel.First;
            if (hasDeltas)
            {
                deltas.Add(await DeltaTraffic.Run(models, (int)Seconds, (int)Seconds / 3, full));
            }
            else
            {
                await Task.Delay(TimeSpan.FromSeconds(Seconds / 3), cancellation);
                new FolderModelStore(models).Promote(model.Spec.Name, full);
            }

            var with = await running;
            var after = await server.ItemReads(cancellation);
            failures += without.Counted - without.Ok + with.Counted - with.Ok;
            ratios.Add(with.P99 / without.P99);
            processor.Add((server.CpuSeconds() - start) / (start - idle));
            kept.Add((after.Hits - before.Hits) / (after.Hits - before.Hits + after.Misses - before.Misses));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  p50 {without.P50:F1} ms, p99 {without.P99:F1} ms without; p50 {with.P50:F1} ms, p99 {with.P99:F1} ms with a swap to {full}, {kept[^1]:P2} of items kept, {processor[^1]:F2} of the processor time; sender late {with.SenderLate:F1} ms"));
            await server.UntilServes(new FolderModelStore(models).Served(model.Spec.Name)!, cancellation);
        }

        figures.Add("swap_p99_ratio", Median(ratios));
        figures.Add("swap_p99_ratio_least", ratios.Min());
        figures.Add("swap_p99_ratio_most", ratios.Max());
        figures.Add("swap_failures", failures);
        figures.Add("swap_items_kept", Median(kept));
        figures.Add("swap_processor_ratio", Median(processor));
        if (hasDeltas)
        {
            figures.Add("delta_rows", deltas.Average(delta => delta.Rows));
            figures.Add("delta_bytes", deltas.Average(delta => delta.Bytes));
        }

        figures.Add("swap_full_collections", await server.FullCollections(cancellation) - collections);
    }
}
