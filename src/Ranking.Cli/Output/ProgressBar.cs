using System.CommandLine;
using Spectre.Console;

namespace Ranking.Cli;

/// <summary>A bar on standard error for what takes long; nothing where that is no terminal, or where the result is JSON.</summary>
internal static class ProgressBar
{
    private const double Step = 0.001;

    /// <summary>Runs work under a bar.</summary>
    /// <param name="parsed">The command line, for its standard error.</param>
    /// <param name="title">What is being done.</param>
    /// <param name="work">The work; it reports how much is done, 0 to 1, where that is known.</param>
    public static Task<T> RunAsync<T>(ParseResult parsed, string title, Func<IProgress<double>, Task<T>> work) =>
        RunStagesAsync(parsed, title, stages => work(stages.Of(title)));

    /// <summary>Runs work of several stages under a bar.</summary>
    /// <param name="parsed">The command line, for its standard error.</param>
    /// <param name="first">What is being done first.</param>
    /// <param name="work">The work.</param>
    public static async Task<T> RunStagesAsync<T>(ParseResult parsed, string first, Func<Stages, Task<T>> work)
    {
        var error = parsed.InvocationConfiguration.Error;
        var console = Results.Console(error);
        if (!console.Profile.Out.IsTerminal || Results.IsJson(parsed))
        {
            return await work(new Stages((_, _) => { }, error.WriteLine));
        }

        return await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Stages(
                Show(context.AddTask(Markup.Escape(first), maxValue: 1).IsIndeterminate()), line => console.WriteLine(line))));
    }

    private static Action<string, double?> Show(ProgressTask task)
    {
        var (stage, shown) = ("", -1.0);
        return (name, done) =>
        {
            if (name == stage && done - shown is < Step and >= 0)
            {
                return;
            }

            (stage, shown) = (name, done ?? 0);
            task.Description = Markup.Escape(name);
            task.IsIndeterminate = done is null;
            task.Value = done ?? 0;
        };
    }
}

/// <summary>What work under a bar tells.</summary>
/// <param name="Show">Takes what is being done, and how much of it is done, 0 to 1; null where that is not known.</param>
/// <param name="Tell">Takes a line that stays.</param>
internal sealed record Stages(Action<string, double?> Show, Action<string> Tell)
{
    /// <summary>Where one stage reports how much of it is done.</summary>
    public IProgress<double> Of(string stage) => new Stage(done => Show(stage, done));

    private sealed class Stage(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
