using System.CommandLine;
using Ranking.Standalone;
using Spectre.Console;

namespace Ranking.Cli;

/// <summary><c>ranking standalone</c>.</summary>
internal static class StandaloneCommand
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Relist = TimeSpan.FromSeconds(5);

    private const string Description = """
        Runs the whole loop in this process, with nothing else installed: simulated users, an embedded broker and
        feature store, trainer, gate and server. The history is trained on first, then it goes on live until --seconds are
        over or a signal comes (Ctrl-C), and ends with a summary.

        Exit codes: 0 done, also by a signal where no --seconds are given; 1 a part failed, or no version passed the gate;
        2 wrong usage; 130 stopped by a signal before --seconds were over.

        Examples:
          ranking standalone
          ranking standalone --seconds 120
          ranking standalone --impressions 50000 --rate 50 --seed 7
          ranking standalone --seconds 10 --output json
        """;

    public static Command Create()
    {
        var seconds = new Option<double?>("--seconds") { Description = "How long it runs live; until Ctrl-C where not given." }.Within(0, 1e9);
        // A version needs the 20,000 examples that transforms are fitted on, and some that it was judged on.
        var impressions = new Option<int>("--impressions") { Description = "Impressions of the history.", DefaultValueFactory = _ => 200_000 }.Within(30_000, 100_000_000);
        var rate = new Option<double>("--rate") { Description = "Live requests a second.", DefaultValueFactory = _ => 20 }.Within(0.1, 100);
        var seed = new Option<int>("--seed") { Description = "Another seed gives another world.", DefaultValueFactory = _ => 1 };
        var output = SharedOptions.Output();
        return new Command("standalone", Description) { seconds, impressions, rate, seed, output }.Runs(async (parsed, cancellation) =>
        {
            var world = new SimulationOptions
            {
                HistoryImpressions = parsed.GetValue(impressions),
                RequestsPerSecond = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
            };
            var live = parsed.GetValue(seconds) is { } given ? TimeSpan.FromSeconds(given) : (TimeSpan?)null;
            var isJson = parsed.GetValue(output) == OutputFormat.Json;
            await using var parts = StandaloneParts.Start(world);
            var told = isJson ? parsed.InvocationConfiguration.Error : parsed.InvocationConfiguration.Output;
            var (seen, isStopped) = await ShowAsync(told, isJson, parts, new StandaloneOptions(world, live), cancellation);
            if (isJson)
            {
                Results.WriteJson(parsed, StandaloneJson.Of(seen));
            }
            else
            {
                await told.WriteLineAsync(string.Join('\n', StandaloneText.Summary(seen)));
            }

            return isStopped && live is not null ? ExitCode.Cancelled : ExitCode.Ok;
        });
    }

    private static async Task<(StandaloneSnapshot Seen, bool IsStopped)> ShowAsync(
        TextWriter output, bool isPlain, StandaloneParts parts, StandaloneOptions options, CancellationToken cancellation)
    {
        var console = Results.Console(output);
        var isLive = console.Profile.Out.IsTerminal && !isPlain;
        // Lines would tear the live view, which shows the same; elsewhere a console would fold them.
        var run = new StandaloneRun(parts, options, isLive ? _ => { } : output.WriteLine);
        var running = run.RunAsync(cancellation);
        if (isLive)
        {
            await console.Live(StandaloneText.View(run.Snapshot())).AutoClear(true).StartAsync(context =>
                ShowWhile(running, Redraw, () => context.UpdateTarget(StandaloneText.View(run.Snapshot()))));
        }
        else
        {
            await ShowWhile(running, Relist, () => output.WriteLine(StandaloneText.Line(run.Snapshot())));
        }

        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (!running.IsCanceled)
        {
            await running;
        }

        return (run.Snapshot(), running.IsCanceled);
    }

    private static async Task ShowWhile(Task running, TimeSpan every, Action show)
    {
        while (await Task.WhenAny(running, Task.Delay(every)) != running)
        {
            show();
        }
    }
}
