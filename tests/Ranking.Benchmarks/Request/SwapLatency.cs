using System.Globalization;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>
/// What new versions cost the requests beside them: a minute at 70 % load with a full swap in it and a delta a second, or with
/// the swap alone, against a minute without, in pairs. The server alone on core 0, all else on core 1.
/// </summary>
internal sealed class SwapLatency : Benchmark
{
    private const int Pairs = 5;
    private const double Seconds = 60;
    private const double WarmSeconds = 25;
    private const double Load = 0.7;

    public override string Name => "swap";

    public override string Description => "p99 of Rank at 70 % load with a full swap a minute and a delta a second, against without, in pairs (a number: so many pairs; full: no deltas)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var pairs = arguments.Where(argument => char.IsAsciiDigit(argument[0])).Select(argument => int.Parse(argument, CultureInfo.InvariantCulture)).Append(Pairs).First();
        var hasDeltas = !arguments.Contains("full");
        using var setting = await RequestSetting.OpenAsync(figures, cancellation);
        var model = new TrainingModelR(RequestSetting.Rows);
        var models = Path.Combine(setting.Folder, "models");
        RequestModel.Publish(models, model, RequestModel.Second);
        RequestModel.Publish(models, model);
        var store = new FolderModelStore(models);
        using var server = await setting.Start(models, model, cancellation, RequestSetting.Patient, RequestSetting.AllItems);
        var saturation = await new RequestFigures(figures, setting.Load, setting.Requests, cancellation).Saturation(server, "");
        var last = await Measure(Load * saturation, WarmSeconds);
        var collections = await server.FullCollections(cancellation);
        var (withouts, withs, deltas) = (new List<Minute>(), new List<Minute>(), new List<(double Rows, double Bytes)>());
        for (var pair = 0; pair < pairs; pair++)
        {
            cancellation.ThrowIfCancellationRequested();
            // The machine's speed changes by the minute: the load is what of the core the minute before needed for a request.
            var rate = Load / last.CpuPerRequest;
            withouts.Add(last = await Measure(rate, Seconds));
            var running = Measure(rate, Seconds);
            var full = pair % 2 == 0 ? RequestModel.Second : RequestModel.First;
            if (hasDeltas)
            {
                deltas.Add(await DeltaTraffic.Run(models, (int)Seconds, (int)Seconds / 3, full));
            }
            else
            {
                await Task.Delay(TimeSpan.FromSeconds(Seconds / 3), cancellation);
                store.Promote(model.Spec.Name, full);
            }

            withs.Add(await running);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rate:F0} a second: without {withouts[^1]}; with a swap to {full} {withs[^1]}"));
            await server.UntilServes(store.Served(model.Spec.Name)!, cancellation);
        }

        var ratios = withs.Zip(withouts, (with, without) => with.Result.P99 / without.Result.P99).ToArray();
        figures.Add("swap_p99_ratio", Median(ratios));
        figures.Add("swap_p99_ratio_least", ratios.Min());
        figures.Add("swap_p99_ratio_most", ratios.Max());
        figures.Add("swap_failures", withs.Concat(withouts).Sum(minute => minute.Result.Counted - minute.Result.Ok));
        figures.Add("swap_items_kept", Median(withs.Select(minute => minute.Kept)));
        figures.Add("swap_processor_ratio", Median(withs.Zip(withouts, (with, without) => with.CpuPerRequest / without.CpuPerRequest)));
        if (hasDeltas)
        {
            figures.Add("delta_rows", deltas.Average(delta => delta.Rows));
            figures.Add("delta_bytes", deltas.Average(delta => delta.Bytes));
        }

        figures.Add("swap_full_collections", await server.FullCollections(cancellation) - collections);

        async Task<Minute> Measure(double rate, double seconds)
        {
            var (cpu, before) = (server.CpuSeconds(), await server.ItemReads(cancellation));
            var result = await setting.Load.Run(server.GrpcPort, setting.Requests, rate, seconds);
            var after = await server.ItemReads(cancellation);
            var (hits, misses) = (after.Hits - before.Hits, after.Misses - before.Misses);
            return new Minute(result, (server.CpuSeconds() - cpu) / result.Counted, hits / (hits + misses));
        }
    }

    /// <param name="Result">What the load found.</param>
    /// <param name="CpuPerRequest">Seconds of the server's processor.</param>
    /// <param name="Kept">The share of candidates whose item was kept.</param>
    private sealed record Minute(PoissonLoad.Result Result, double CpuPerRequest, double Kept)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {Result.P50:F1}, p99 {Result.P99:F1} ms, {1000 * CpuPerRequest:F2} ms of processor each, {Kept:P1} of items kept, sender late {Result.SenderLate:F1} ms");
    }
}
