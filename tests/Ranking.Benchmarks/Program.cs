namespace Ranking.Benchmarks;

internal static class Program
{
    private static readonly Benchmark[] benchmarks = [new FirstScore(), new JoinThroughput(), new StatisticsThroughput(), new Freshness(), new KuaiRand(), new Ablation(), new Leak(), new Census(), new TrainingThroughput(), new ProductThroughput(), new ScoringThroughput(), new BatchingThroughput(), new RequestLatency(), new SwapLatency(), new ReadyTime()];

    private static async Task<int> Main(string[] args)
    {
        if (args is [PlainServer.Verb, .. var rival])
        {
            await PlainServer.RunAsync(rival);
            return 0;
        }

        if (args is [DeltaTraffic.Verb, .. var traffic])
        {
            DeltaTraffic.WriteFor(traffic);
            return 0;
        }

        var benchmark = benchmarks.FirstOrDefault(candidate => candidate.Name == args.FirstOrDefault());
        if (benchmark is null)
        {
            Console.Error.WriteLine("usage: ./build.sh bench NAME, where NAME is one of");
            foreach (var known in benchmarks)
                Console.Error.WriteLine($"  {known.Name,-16} {known.Description}");
            return 2;
        }
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) => (press.Cancel, _) = (true, interrupted.CancelAsync());
        var figures = new Figures();
        await benchmark.Run(figures, args[1..], interrupted.Token);
        Console.WriteLine(figures.Table());
        Console.WriteLine(figures.Json());
        return 0;
    }
}
