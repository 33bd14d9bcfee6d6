using Ranking.Core;

namespace Ranking.Events;

/// <summary>An event as statistics see it, when it becomes visible to them.</summary>
/// <param name="Event">0 is the impression; outcomes from 1.</param>
/// <param name="Impression">What tells its impression from others.</param>
/// <param name="Keys">The keys of its impression.</param>
/// <param name="Value">The number that it carries; NaN for none.</param>
internal readonly record struct StatisticEvent(int Event, ulong Impression, ulong[] Keys, double Value)
{
    /// <summary>Whose impression it belongs to.</summary>
    public EventOwners Owners { get; init; }
}

/// <summary>An impression's user and item, as <see cref="LogEvent.EntityKey"/> names them.</summary>
internal readonly record struct EventOwners(ulong User, ulong Item);

/// <summary>A part of a key's row that one kind of event moves.</summary>
internal abstract class StatisticSlot(long lag)
{
    /// <summary>How much later than its impression an event is seen, in milliseconds.</summary>
    public long Lag => lag;

    /// <summary>Where it begins in the row.</summary>
    public int Offset { get; set; }

    /// <summary>Numbers of the row that it takes.</summary>
    public abstract int Width { get; }

    /// <summary>Whether an event of that number moves it.</summary>
    public abstract bool Takes(int number);

    /// <summary>Takes an event in.</summary>
    public abstract void Fold(Span<double> state, in StatisticEvent seen, long time);
}

/// <summary>What of an event is added up.</summary>
internal enum Measure : byte
{
    One = 0,
    Value = 1,
    Above = 2,
}

/// <summary>A sum over a window.</summary>
internal sealed class SumSlot(int counted, Measure measure, double above, StatisticWindow window, long lag) : StatisticSlot(lag)
{
    private readonly WindowSum sum = new(window);

    public override int Width => sum.Width;

    public override bool Takes(int number) => number == counted;

    public override void Fold(Span<double> state, in StatisticEvent seen, long time)
    {
        var amount = measure == Measure.One ? 1 : measure == Measure.Value ? seen.Value : seen.Value > above ? 1 : 0;
        if (double.IsFinite(amount))
        {
            sum.Add(state, time, amount);
        }
    }

    /// <summary>The sum as of a time; 0 for a key that has no row.</summary>
    public double Read(ReadOnlySpan<double> row, long time) => row.IsEmpty ? 0 : sum.Read(row.Slice(Offset, Width), time);
}

/// <summary>The time of the newest event.</summary>
internal sealed class SinceSlot(int counted, long lag) : StatisticSlot(lag)
{
    public override int Width => 1;

    public override bool Takes(int number) => number == counted;

    public override void Fold(Span<double> state, in StatisticEvent seen, long time) => state[0] = time;

    /// <summary>Seconds since then; NaN where there was none.</summary>
    public double Read(ReadOnlySpan<double> row, long time) =>
        row.IsEmpty || row[Offset] == 0 ? double.NaN : Math.Max(0, time - row[Offset]) / 1000;
}

/// <summary>The newest impressions, and whether each had the outcome: pairs of (impression, 0 or 1), the newest first.</summary>
internal sealed class LastSlot(int outcome, int among, int length, long lag) : StatisticSlot(lag)
{
    // A double holds so many bits of an impression's key exactly.
    private const ulong Told = (1UL << 53) - 1;

    public override int Width => 2 * length;

    public override bool Takes(int number) => number == outcome || number == among;

    public override void Fold(Span<double> state, in StatisticEvent seen, long time)
    {
        double impression = (seen.Impression & Told) | 1;
        var at = 0;
        while (at < Width && state[at] != impression)
        {
            at += 2;
        }

        if (at == Width && seen.Event == among)
        {
            state[..^2].CopyTo(state[2..]);
            (state[0], state[1], at) = (impression, 0, 0);
        }

        if (at < Width && seen.Event == outcome)
        {
            state[at + 1] = 1;
        }
    }

    /// <summary>The n-th newest's outcome; NaN where there is none.</summary>
    public double Read(ReadOnlySpan<double> row, int n) =>
        row.IsEmpty || row[Offset + (2 * n)] == 0 ? double.NaN : row[Offset + (2 * n) + 1];
}

/// <summary>Which of 1,040 places the values of a feature have fallen on (Whang et al., TODS 1990), in the current period.</summary>
internal sealed class DistinctSlot(int counted, int feature, StatisticWindow window, long lag) : StatisticSlot(lag)
{
    private const int Words = 20;
    private const int BitsPerWord = 52;
    private const int Bits = Words * BitsPerWord;
    private readonly double length = window.Length.TotalMilliseconds;

    public override int Width => 1 + Words;

    public override bool Takes(int number) => number == counted;

    public override void Fold(Span<double> state, in StatisticEvent seen, long time)
    {
        if (PeriodOf(time) > state[0])
        {
            state.Clear();
            state[0] = PeriodOf(time);
        }

        var bit = (int)(seen.Keys[feature] % Bits);
        state[1 + (bit / BitsPerWord)] = (ulong)state[1 + (bit / BitsPerWord)] | (1UL << (bit % BitsPerWord));
    }

    /// <summary>The estimate, −m · ln(empty / m).</summary>
    public double Read(ReadOnlySpan<double> row, long time)
    {
        if (row.IsEmpty || row[Offset] < PeriodOf(time))
        {
            return 0;
        }

        var empty = Bits;
        foreach (var word in row.Slice(Offset + 1, Words))
        {
            empty -= System.Numerics.BitOperations.PopCount((ulong)word);
        }

        return Bits * Math.Log(Bits / Math.Max(0.5, empty));
    }

    private double PeriodOf(long time) => window.Kind == WindowKind.Ever ? 0 : Math.Floor(time / length);
}
