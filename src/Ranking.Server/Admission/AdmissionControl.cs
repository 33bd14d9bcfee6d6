namespace Ranking.Server;

/// <summary>Why a request is not taken.</summary>
internal enum AdmissionRefusal
{
    /// <summary>It is taken.</summary>
    None,

    /// <summary>More work lies ahead of it than the queue's limit.</summary>
    Queue,

    /// <summary>Its deadline comes before what lies ahead of it and it itself are done.</summary>
    Deadline,
}

/// <summary>
/// Decides by a message's length whether its request is taken. What answered requests took, over the bytes that lay ahead
/// of them and their own, is what a byte costs; all bytes that were taken and are not answered are the queue.
/// </summary>
internal sealed class AdmissionControl(ServerOptions options, TimeProvider time)
{
    // Some hundred answers count. One that had much ahead of it says more, since less of its time was the wait for Redis;
    // and none says more than so many times what was expected of it: a pause of the collector is not what bytes cost.
    private const double Decay = 1 - (1.0 / 32);
    private const double LargestFactor = 4;

    // Before so many answers nothing is refused: the first ones wait for what is not in any cache yet.
    private const int FewestAnswers = 32;

    // A short queue keeps the cores as busy as a long one, and what comes too late was worked for in vain: so the deadline has
    // to leave room for an estimate that is half as much again.
    private const double Room = 1.5;

    private static readonly int Cores = Environment.ProcessorCount;

    private readonly Lock learning = new();
    private long underWay;
    private int answers;
    private double seconds;
    private double bytesAhead;
    private double secondsPerByte;

    /// <summary>How long what was taken and is not answered will take.</summary>
    public TimeSpan Ahead => WaitFor(Volatile.Read(ref underWay));

    /// <summary>Takes a request or says why not. Where nothing is ahead of it, it is taken whatever its deadline.</summary>
    /// <param name="bytes">Its message's length; 0 where the caller does not say it.</param>
    /// <param name="left">The time to its deadline.</param>
    /// <param name="ticket">To be handed back when it is answered.</param>
    public AdmissionRefusal TryEnter(long bytes, TimeSpan left, out AdmissionTicket ticket)
    {
        var ahead = Interlocked.Add(ref underWay, bytes) - bytes;
        ticket = new AdmissionTicket(bytes, ahead, time.GetTimestamp());
        var wait = WaitFor(ahead);
        var refusal = ahead == 0 ? AdmissionRefusal.None
            : wait > options.QueueLimit ? AdmissionRefusal.Queue
            : (Room * (wait + CostOf(bytes))) + options.DeadlineMargin > left ? AdmissionRefusal.Deadline
            : AdmissionRefusal.None;
        if (refusal != AdmissionRefusal.None)
        {
            Interlocked.Add(ref underWay, -bytes);
        }

        return refusal;
    }

    /// <summary>The request is answered.</summary>
    /// <param name="ticket">What it was taken with.</param>
    /// <param name="wasWorkedFor">Whether its time says what bytes cost: not where it was found wrong.</param>
    public void Leave(AdmissionTicket ticket, bool wasWorkedFor)
    {
        Interlocked.Add(ref underWay, -ticket.Bytes);
        if (!wasWorkedFor || ticket.Bytes == 0)
        {
            return;
        }

        var took = time.GetElapsedTime(ticket.Entered).TotalSeconds;
        var ahead = ((double)ticket.Ahead / Cores) + ticket.Bytes;
        lock (learning)
        {
            var most = answers < FewestAnswers ? took : LargestFactor * secondsPerByte * ahead;
            seconds = (seconds * Decay) + Math.Min(took, most);
            bytesAhead = (bytesAhead * Decay) + ahead;
            answers = Math.Min(answers + 1, FewestAnswers);
            Volatile.Write(ref secondsPerByte, answers < FewestAnswers ? 0 : seconds / bytesAhead);
        }
    }

    private TimeSpan WaitFor(long bytes) => CostOf(bytes) / Cores;

    private TimeSpan CostOf(long bytes) => TimeSpan.FromSeconds(bytes * Volatile.Read(ref secondsPerByte));
}

/// <summary>A request that was taken.</summary>
/// <param name="Bytes">Its message's length.</param>
/// <param name="Ahead">Bytes that were taken before it and not answered then.</param>
/// <param name="Entered">When it was taken, a timestamp.</param>
internal readonly record struct AdmissionTicket(long Bytes, long Ahead, long Entered);
