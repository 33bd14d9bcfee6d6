using System.Text.Json;
using Ranking.Core;

namespace Ranking.Trainer;

/// <summary>Dead letters of logs in files: one JSON object a line in <c>dead-letters.jsonl</c>.</summary>
internal sealed class DeadLetterFile : IDeadLetters, IDisposable
{
    private readonly StreamWriter writer;

    /// <param name="folder">Where the file stands; created where missing.</param>
    public DeadLetterFile(string folder)
    {
        Directory.CreateDirectory(folder);
        writer = new StreamWriter(Path.Combine(folder, "dead-letters.jsonl"), append: true);
    }

    /// <inheritdoc/>
    public void Write(LogPosition position, string reason, LogEntry entry) => writer.WriteLine(JsonSerializer.Serialize(new
    {
        position = position.ToString(),
        reason,
        kind = entry.Event?.GetType().Name,
        event_time = entry.Event?.EventTime,
        user_id = entry.Event?.UserId,
    }));

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellation) => await writer.FlushAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
