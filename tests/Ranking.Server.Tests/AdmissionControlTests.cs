using Microsoft.Extensions.Time.Testing;

namespace Ranking.Server.Tests;

public sealed class AdmissionControlTests
{
    private const int Bytes = 1_000;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly int Cores = Environment.ProcessorCount;

    private readonly FakeTimeProvider time = new();
    private readonly AdmissionControl admission;

    public AdmissionControlTests() => admission = new AdmissionControl(
        new ServerOptions { QueueLimit = TimeSpan.FromMilliseconds(100), DeadlineMargin = TimeSpan.FromMilliseconds(5) }, time);

    [Fact]
    public void TryEnter_FewWereAnswered_TakesAll()
    {
        Learn(milliseconds: 10_000, answers: 31);

        Assert.All(Enumerable.Range(0, 1_000), number => Assert.Equal(AdmissionRefusal.None, admission.TryEnter(Bytes, Long, out _)));
        Assert.Equal(TimeSpan.Zero, admission.Ahead);
    }

    [Fact]
    public void TryEnter_MoreAheadThanTheLimit_Refuses()
    {
        Learn(milliseconds: 10);

        // Ten milliseconds each: the first has nothing ahead, the last the limit.
        var taken = Enumerable.Range(0, 100 * Cores).Count(number => admission.TryEnter(Bytes, Long, out _) == AdmissionRefusal.None);

        Assert.Equal((10 * Cores) + 1, taken);
        Assert.Equal(AdmissionRefusal.Queue, admission.TryEnter(Bytes, Long, out _));
        Assert.Equal(100 + (10.0 / Cores), admission.Ahead.TotalMilliseconds, 1.0);
    }

    [Fact]
    public void TryEnter_NoTimeLeftAfterWhatIsAhead_Refuses()
    {
        Learn(milliseconds: 10);
        for (var number = 0; number < 2 * Cores; number++)
        {
            admission.TryEnter(Bytes, Long, out _);
        }

        // 20 ms ahead, 10 of its own, half as much again, and the margin.
        Assert.Equal(AdmissionRefusal.Deadline, admission.TryEnter(Bytes, TimeSpan.FromMilliseconds(49), out _));
        Assert.Equal(AdmissionRefusal.None, admission.TryEnter(Bytes, TimeSpan.FromMilliseconds(51), out _));
    }

    [Fact]
    public void TryEnter_NothingAhead_TakesWhateverTheDeadline()
    {
        Learn(milliseconds: 10);

        Assert.Equal(AdmissionRefusal.None, admission.TryEnter(Bytes, TimeSpan.FromMilliseconds(1), out _));
    }

    [Fact]
    public void Leave_MakesRoom()
    {
        Learn(milliseconds: 1_000);
        admission.TryEnter(Bytes, Long, out var first);
        Assert.Equal(AdmissionRefusal.Queue, admission.TryEnter(Bytes, Long, out _));

        admission.Leave(first, wasWorkedFor: true);

        Assert.Equal(AdmissionRefusal.None, admission.TryEnter(Bytes, Long, out _));
    }

    [Fact]
    public void Leave_FoundWrong_TeachesNothing()
    {
        Learn(milliseconds: 10);
        for (var number = 0; number < 100; number++)
        {
            admission.TryEnter(Bytes, Long, out var wrong);
            admission.Leave(wrong, wasWorkedFor: false);
        }

        admission.TryEnter(Bytes, Long, out _);
        Assert.Equal(10.0 / Cores, admission.Ahead.TotalMilliseconds, 1e-3);
    }

    [Fact]
    public void Leave_OnePause_CountsAsFourTimesTheUsualAtMost()
    {
        Learn(milliseconds: 10, answers: 100);
        Learn(milliseconds: 10_000, answers: 1);

        admission.TryEnter(Bytes, Long, out _);
        Assert.InRange(admission.Ahead.TotalMilliseconds * Cores, 10.9, 11.1);
    }

    [Fact]
    public void Leave_AnswersWithMuchAhead_SayMoreThanOneThatWaitedAlone()
    {
        Learn(milliseconds: 1_000, answers: 31);
        var tickets = Enumerable.Range(0, 50).Select(number =>
        {
            admission.TryEnter(number == 0 ? 50 * Cores * Bytes : 1, Long, out var ticket);
            return ticket;
        }).ToArray();
        time.Advance(TimeSpan.FromMilliseconds(500));
        Array.ForEach(tickets, ticket => admission.Leave(ticket, wasWorkedFor: true));

        // Some 10 ms a thousand bytes.
        admission.TryEnter(Bytes, Long, out _);
        Assert.InRange(admission.Ahead.TotalMilliseconds * Cores, 5, 15);
    }

    private void Learn(double milliseconds, int answers = 32)
    {
        for (var answer = 0; answer < answers; answer++)
        {
            admission.TryEnter(Bytes, Long, out var ticket);
            time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            admission.Leave(ticket, wasWorkedFor: true);
        }
    }
}
