namespace Ranking.Core;

/// <summary>Kafka or a server does not answer, or refuses: not a fault of this machine's files. The message names its address.</summary>
public sealed class ServiceUnreachableException(string message, Exception? inner = null) : IOException(message, inner);
