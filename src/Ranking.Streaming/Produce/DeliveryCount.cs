using Confluent.Kafka;

namespace Ranking.Streaming;

/// <summary>Waits for the delivery of records that were sent one after the other.</summary>
internal sealed class DeliveryCount
{
    private readonly TaskCompletionSource<string?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int outstanding = 1;
    private string? reason;

    /// <summary>One more record is sent.</summary>
    public void Expect() => Interlocked.Increment(ref outstanding);

    /// <summary>One is delivered, or is not.</summary>
    public void Report(DeliveryReport<byte[]?, byte[]> report)
    {
        if (report.Error.IsError)
        {
            reason ??= report.Error.Reason;
        }

        Complete();
    }

    /// <summary>All are sent: completes when all are delivered, with the reason of the first that was not.</summary>
    public Task<string?> Wait()
    {
        Complete();
        return done.Task;
    }

    private void Complete()
    {
        if (Interlocked.Decrement(ref outstanding) == 0)
        {
            done.SetResult(reason);
        }
    }
}
