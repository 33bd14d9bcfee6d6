using CsCheck;
using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>Each window beside its definition, over random times.</summary>
public sealed class WindowSumTests
{
    private const long Start = 1_700_000_000_000;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(16);

    private static readonly Gen<(int Step, double Amount)[]> Events = Gen.Select(Gen.Int[0, 9_000], Gen.Double[-5, 5]).Array[0, 60];

    [Theory]
    [InlineData(WindowKind.Ever)]
    [InlineData(WindowKind.Decay)]
    [InlineData(WindowKind.Tumbling)]
    [InlineData(WindowKind.Sliding)]
    public void Read_AfterEvents_IsTheWeightedSum(WindowKind kind) => Gen.Select(Events, Gen.Int[0, 40_000]).Sample((events, wait) =>
    {
        var sum = new WindowSum(new(kind, kind == WindowKind.Ever ? TimeSpan.Zero : Length));
        var state = new double[sum.Width];
        var time = Start;
        List<(long Time, double Amount)> seen = [];
        foreach (var (step, amount) in events)
        {
            time += step;
            sum.Add(state, time, amount);
            seen.Add((time, amount));
        }

        var now = time + wait;
        Assert.Equal(seen.Sum(one => one.Amount * Weight(kind, one.Time, now)), sum.Read(state, now), 1e-9);
    });

    private static double Weight(WindowKind kind, long then, long now)
    {
        var length = (long)Length.TotalMilliseconds;
        return kind switch
        {
            WindowKind.Ever => 1,
            WindowKind.Decay => Math.Pow(2, -(now - then) / (double)length),
            WindowKind.Tumbling => then / length == now / length ? 1 : 0,
            _ => then / 1000 > (now / 1000) - 16 ? 1 : 0,
        };
    }
}
