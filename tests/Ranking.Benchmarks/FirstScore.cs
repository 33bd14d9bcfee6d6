using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// What the README promises, tried on a bare machine: from <c>./build.sh standalone</c> to the first scored request. The
/// clock runs from the end of the restore, which the network decides, to the line that <c>standalone</c> prints then.
/// </summary>
internal sealed partial class FirstScore : Benchmark
{
    private const string Command = "./build.sh standalone --seconds 1 2>&1";

    public override string Name => "first-score";

    public override string Description => "seconds from the command to the first scored request, on a bare machine";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var freshMachine = SharedFolder.TryFind("bin", "fresh-machine")
            ?? throw new FileNotFoundException("shared/bin/fresh-machine is not on this machine (set RANKING_SHARED)");
        using var process = Process.Start(new ProcessStartInfo(freshMachine, ["--repo", SharedFolder.RepositoryRoot, Command])
        {
            RedirectStandardOutput = true,
        })!;
        var clock = new Stopwatch();
        TimeSpan? scored = null;
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            Console.Error.WriteLine(line);
            if (StepPattern().Match(line) is { Success: true } step)
            {
                figures.Add(step.Groups["step"].Value == "restored" ? "restore_seconds" : "build_seconds",
                    double.Parse(step.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture));
                clock.Start();
            }
            else if (scored is null && ScoredPattern().IsMatch(line))
            {
                scored = clock.Elapsed;
            }
        }
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{Command}' ended with {process.ExitCode}");
        figures.Add("first_score_seconds", (scored ?? throw new InvalidOperationException("no line told of a first scored request")).TotalSeconds);
        var sample = Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", "kuairand.yaml");
        figures.Add("sample_lines", File.ReadLines(sample).Count());
    }

    [GeneratedRegex(@"^build\.sh: (?<step>restored|built) in (?<seconds>[0-9.]+) s")]
    private static partial Regex StepPattern();

    [GeneratedRegex("first scored request", RegexOptions.IgnoreCase)]
    private static partial Regex ScoredPattern();
}
