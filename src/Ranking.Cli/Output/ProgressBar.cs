using System.CommandLine;
using Spectre.Console;

namespace Ranking.Cli;

/// <summary>A bar on standard error for what takes long; nothing where that is no terminal.</summary>
internal static class ProgressBar
{
    /// <summary>Runs work under a bar.</summary>
    /// <param name="parsed">The command line, for its standard error.</param>
    /// <param name="title">What is being done.</param>
    /// <param name="work">The work; it reports how much is done, 0 to 1.</param>
    public static async Task<T> RunAsync<T>(ParseResult parsed, string title, Func<IProgress<double>, Task<T>> work)
    {
        var console = Results.Console(parsed.InvocationConfiguration.Error);
        if (!console.Profile.Out.IsTerminal)
        {
            return await work(new Silent());
        }

        return await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(title), maxValue: 1))));
    }

    private sealed class Silent : IProgress<double>
    {
        public void Report(double value)
        {
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }
}
