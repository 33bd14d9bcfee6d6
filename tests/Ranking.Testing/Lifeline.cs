using System.Diagnostics;

namespace Ranking.Testing;

/// <summary>Runs a command when disposed, or when the test process ends in whatever way.</summary>
internal sealed class Lifeline : IDisposable
{
    private readonly Process guard;

    /// <summary>Names the command; a shell waits for the end of its standard input, then runs it.</summary>
    public Lifeline(string program, params IEnumerable<string> arguments) =>
        guard = Process.Start(new ProcessStartInfo("sh", ["-c", "trap '' INT TERM; cat > /dev/null; exec \"$@\"", "sh", program, .. arguments])
        {
            RedirectStandardInput = true,
        })!;

    /// <inheritdoc/>
    public void Dispose()
    {
        guard.StandardInput.Close();
        guard.WaitForExit();
        guard.Dispose();
    }
}
