namespace Ranking.Cli;

/// <summary>What the command ends with; <c>ranking --help</c> documents it.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Not done: a step failed, or something was refused.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage, wrong configuration, wrong data.</summary>
    public const int Wrong = 2;

    /// <summary>Redis, Kafka or a server cannot be reached.</summary>
    public const int Unreachable = 3;

    /// <summary>A version was compared with another, and the verdict is not the required one.</summary>
    public const int Worse = 4;

    /// <summary>Stopped by a signal before it was done.</summary>
    public const int Cancelled = 130;
}
