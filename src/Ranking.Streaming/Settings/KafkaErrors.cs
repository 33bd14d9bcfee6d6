using Confluent.Kafka;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>
/// What a client last had to say about its brokers. It says so on the side (a refused login, a closed port), while the
/// call that fails only knows that no broker answered.
/// </summary>
internal sealed class KafkaErrors(KafkaSettings settings)
{
    private const string Fix = "; start it, or correct BootstrapServers (--kafka) and the login";

    private volatile string? last;

    public void Take(Error error) => last = error.Reason;

    public ServiceUnreachableException Wrap(KafkaException fault) => new(
        $"Kafka at {settings.BootstrapServers}: {fault.Error.Reason}{(last is null || last == fault.Error.Reason ? "" : $" ({last})")}{(IsUnreached(fault.Error.Code) ? Fix : "")}", fault);

    private static bool IsUnreached(ErrorCode code) =>
        code is ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve;
}
