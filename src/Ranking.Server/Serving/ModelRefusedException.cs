namespace Ranking.Server;

/// <summary>A version that the server does not take; the message says why.</summary>
internal sealed class ModelRefusedException(string reason, Exception? cause = null) : Exception(reason, cause);

/// <summary>A model without a version that could answer.</summary>
internal sealed class ModelNotReadyException(string reason) : Exception(reason);

/// <summary>A version that the store does not have.</summary>
internal sealed class ModelNotFoundException(string reason) : Exception(reason);
