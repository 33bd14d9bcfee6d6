using System.Diagnostics;

namespace Ranking.Testing;

/// <summary>
/// A program that dies with the test process, however that ends: a shell between the two waits for the end of its
/// standard input, which only the test process holds open, and then kills the program.
/// </summary>
/// <remarks>The program ignores SIGINT and SIGTERM as the shell does, unless it is started by <c>env --default-signal</c>.</remarks>
public sealed class ChildProcess : IDisposable
{
    private const string Guard = """
        trap '' INT TERM
        log=$1; shift
        exec 3<&0 2> /dev/null
        "$@" < /dev/null > "$log" 2>&1 3<&- & child=$!
        echo $child
        { cat <&3 > /dev/null; kill -9 $child; } &
        wait $child
        echo $?
        wait
        """;

    private readonly Process guard;

    private ChildProcess(Process guard, int id)
    {
        (this.guard, Id) = (guard, id);
        Ended = Task.Run(() => int.Parse(guard.StandardOutput.ReadLine()!));
    }

    /// <summary>The program's process id.</summary>
    public int Id { get; }

    /// <summary>Its exit code, once it has ended; 128 and the signal where one killed it.</summary>
    public Task<int> Ended { get; }

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

    /// <summary>Sends the program a signal: INT, TERM.</summary>
    // The shell's own kill: a bare machine has no program of that name.
    public Task Signal(string name) => Run("sh", "-c", $"kill -{name} {Id}");

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
