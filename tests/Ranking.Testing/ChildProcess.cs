using System.Diagnostics;

namespace Ranking.Testing;

/// <summary>
/// A program that dies with the test process, however that ends: a shell between the two waits for the end of its
/// standard input, which only the test process holds open, and then kills the program.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private const string Guard = """
        trap '' INT TERM
        log=$1; shift
        "$@" < /dev/null > "$log" 2>&1 & child=$!
        echo $child
        cat > /dev/null
        kill -9 $child 2> /dev/null
        wait
        """;

    private readonly Process guard;

    private ChildProcess(Process guard, int id) => (this.guard, Id) = (guard, id);

    /// <summary>The program's process id, for signals.</summary>
    public int Id { get; }

    /// <summary>Starts a program with its output in a file.</summary>
    public static ChildProcess Start(string log, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("sh", ["-c", Guard, "sh", log, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var guard = Process.Start(start)!;
        return new ChildProcess(guard, int.Parse(guard.StandardOutput.ReadLine()!));
    }

    /// <summary>Runs a program to its end and gives its standard output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<string> Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}{output}");
    }

    /// <summary>Whether a program of this name is on the PATH.</summary>
    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Kills the program (SIGKILL) and waits for its end.</summary>
    public void Dispose()
    {
        guard.StandardInput.Close();
        guard.WaitForExit();
        guard.Dispose();
    }
}
