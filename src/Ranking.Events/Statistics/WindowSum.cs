using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// A sum over the events of a window, in a few numbers of its key's row. Times are Unix milliseconds; what
/// is read as of a time before the newest event is as of that event.
/// </summary>
internal sealed class WindowSum(StatisticWindow window)
{
    private const int Steps = 16;
    private readonly double length = window.Length.TotalMilliseconds;
    private readonly double decay = Math.Log(2) / window.Length.TotalMilliseconds;

    /// <summary>Numbers of the row that it takes.</summary>
    public int Width => window.Kind switch
    {
        WindowKind.Ever => 1,
        WindowKind.Decay or WindowKind.Tumbling => 2,
        _ => 1 + Steps,
    };

    /// <summary>Adds an event.</summary>
    public void Add(Span<double> state, long time, double amount)
    {
        switch (window.Kind)
        {
            case WindowKind.Ever:
                state[0] += amount;
                break;
            case WindowKind.Sliding:
                Move(state, time);
                state[1 + (int)((long)state[0] % Steps)] += amount;
                break;
            default:
                state[0] = Read(state, time) + amount;
                state[1] = Math.Max(state[1], time);
                break;
        }
    }

    /// <summary>The sum as of a time.</summary>
    public double Read(ReadOnlySpan<double> state, long time)
    {
        switch (window.Kind)
        {
            case WindowKind.Ever:
                return state[0];
            case WindowKind.Decay:
                return state[0] == 0 ? 0 : state[0] * Math.Exp(Math.Min(0, state[1] - time) * decay);
            case WindowKind.Tumbling:
                return Math.Floor(state[1] / length) >= Math.Floor(time / length) ? state[0] : 0;
            default:
                var sum = 0.0;
                for (var step = Math.Max(0, StepOf(time) - Steps + 1); step <= (long)state[0]; step++)
                {
                    sum += state[1 + (int)(step % Steps)];
                }

                return sum;
        }
    }

    private long StepOf(long time) => (long)(time * Steps / length);

    // Empties the steps that have passed since the newest event.
    private void Move(Span<double> state, long time)
    {
        var (newest, step) = ((long)state[0], StepOf(time));
        for (var passed = Math.Max(newest + 1, step - Steps + 1); passed <= step; passed++)
        {
            state[1 + (int)(passed % Steps)] = 0;
        }

        state[0] = Math.Max(newest, step);
    }
}
