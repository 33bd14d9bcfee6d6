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
        feature store, trainer, gate and server. The history is trained on first, then it goes on live.

        Examples:
          ranking standalone
          ranking standalone --seconds 120
          ranking standalone --impressions 50000 --rate 50 --seed 7
        """;

    public static Command Create()
    {
        var seconds = new Option<double?>("--seconds") { Description = "How long it runs live; until Ctrl-C where not given." };
        var impressions = new Option<int>("--impressions") { Description = "Impressions of the history.", DefaultValueFactory = _ => 200_000 };
        var rate = new Option<double>("--rate") { Description = "Live requests a second, at most 100.", DefaultValueFactory = _ => 20 };
        var seed = new Option<int>("--seed") { Description = "Another seed gives another world.", DefaultValueFactory = _ => 1 };
        return new Command("standalone", Description) { seconds, impressions, rate, seed }.Runs(async (parsed, cancellation) =>
        {
            var world = new SimulationOptions
            {
                HistoryImpressions = parsed.GetValue(impressions),
                RequestsPerSecond = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
            };
            var live = parsed.GetValue(seconds) is { } given ? TimeSpan.FromSeconds(given) : (TimeSpan?)null;
            await using var parts = StandaloneParts.Start(world);
            return await ShowAsync(parsed, parts, new StandaloneOptions(world, live), cancellation);
        });
    }

    private static async Task<int> ShowAsync(ParseResult parsed, StandaloneParts parts, StandaloneOptions options, CancellationToken cancellation)
    {
        var output = parsed.InvocationConfiguration.Output;
        var console = Results.Console(output);
        // Lines written past the live view would tear it; elsewhere a console would fold them.
        Action<string> say = console.Profile.Out.IsTerminal ? line => console.WriteLine(line) : output.WriteLine;
        var run = new StandaloneRun(parts, options, say);
        var running = run.RunAsync(cancellation);
        if (console.Profile.Out.IsTerminal)
        {
            await console.Live(StandaloneText.View(run.Snapshot())).StartAsync(context =>
                ShowWhile(running, Redraw, () => context.UpdateTarget(StandaloneText.View(run.Snapshot()))));
        }
        else
        {
            await ShowWhile(running, Relist, () => output.WriteLine(StandaloneText.Line(run.Snapshot())));
        }

        // Ctrl-C is how it ends where no time is given: no failure.
        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (!running.IsCanceled)
        {
            await running;
        }

        foreach (var line in StandaloneText.Summary(run.Snapshot()))
        {
            await output.WriteLineAsync(line);
        }

        return ExitCode.Ok;
    }

    private static async Task ShowWhile(Task running, TimeSpan every, Action show)
    {
        while (await Task.WhenAny(running, Task.Delay(every)) != running)
        {
            show();
        }
    }
}
