namespace Ranking.Testing;

/// <summary>
/// The switch between the tests of every day and <c>./build.sh soak</c> (<c>RANKING_SOAK=1</c>). A long test is not
/// skipped without it but made shorter, so that its code always runs.
/// </summary>
public static class Soak
{
    /// <summary>Whether the long form is asked for.</summary>
    public static bool Enabled { get; } = Environment.GetEnvironmentVariable("RANKING_SOAK") == "1";

    /// <summary>The size or duration for this run.</summary>
    public static T Choose<T>(T everyDay, T soak) => Enabled ? soak : everyDay;
}
