using System.CommandLine;
using Spectre.Console;

namespace Ranking.Cli;

/// <summary>A bar on standard error for what takes long; nothing where that is no terminal.</summary>
internal static class ProgressBar
{
    /// <summary>Runs work under a bar.</summary>
    /// <param name="parsed">The command line, for its standard error.</param>
    /// <param name="title">What is being done.</param>
    /// <param name="work">The work; it reports how much is done, 0 to 1, where that is known.</param>
    public static Task<T> RunAsync<T>(ParseResult parsed, string title, Func<IProgress<double>, Task<T>> work) =>
        RunStagesAsync(parsed, title, report => work(new Bar(done => report(title, done))));

    /// <summary>Runs work of several stages under a bar.</summary>
    /// <param name="parsed">The command line, for its standard error.</param>
    /// <param name="first">What is being done first.</param>
    /// <param name="work">The work; it reports what it does and how much of that is done, 0 to 1.</param>
    public static async Task<T> RunStagesAsync<T>(ParseResult parsed, string first, Func<Action<string, double>, Task<T>> work)
    {
        var console = Results.Console(parsed.InvocationConfiguration.Error);
        if (!console.Profile.Out.IsTerminal)
        {
            return await work((_, _) => { });
        }

        return await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(Report(context.AddTask(Markup.Escape(first), maxValue: 1).IsIndeterminate())));
    }

    private static Action<string, double> Report(ProgressTask task) => (stage, done) =>
    {
        task.Description = Markup.Escape(stage);
        task.IsIndeterminate = false;
        task.Value = done;
    };

    private sealed class Bar(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
