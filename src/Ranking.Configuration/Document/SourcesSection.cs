using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>The data in files.</summary>
internal sealed record SourcesSection
{
    /// <summary>The labelled rows, one an impression.</summary>
    public required LogSection Log { get; init; }

    /// <summary>One row a user; without it the log's rows carry the users' features.</summary>
    public EntityEntry? Users { get; init; }

    /// <summary>One row an item; without it the log's rows carry the items' features.</summary>
    public EntityEntry? Items { get; init; }
}

/// <summary>The labelled rows, one an impression.</summary>
internal sealed record LogSection
{
    /// <summary>A file .csv, .jsonl (either also .gz) or .parquet, relative to the job file; ${NAME:-default} is the environment's.</summary>
    public required string Path { get; init; }

    /// <summary>The column with the user's id; without it every row is a user of its own, named by the row's number.</summary>
    public string? User { get; init; }

    /// <summary>The column with the item's id; without it every row is an item of its own.</summary>
    public string? Item { get; init; }

    /// <summary>The column with the position, from 0, at which the item was shown; derived features read it as position.</summary>
    public string? Position { get; init; }

    /// <summary>When rows happened: a column and its unit, or a start and the step from row to row.</summary>
    public required TimeEntry Time { get; init; }

    /// <summary>What rows are for, by the value of a column.</summary>
    public SplitEntry? Split { get; init; }

    /// <summary>What may have followed a row's impression, by name.</summary>
    public required OrderedDictionary<string, OutcomeEntry> Outcomes { get; init; }
}

/// <summary>When rows happened.</summary>
internal sealed record TimeEntry
{
    /// <summary>The column with the time.</summary>
    public string? Column { get; init; }

    /// <summary>What the column holds: Unix time in ms, s or us, or ISO 8601 text.</summary>
    public TimeUnit Unit { get; init; }

    /// <summary>Without a column: the first row's time.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Without a column: from one row to the next.</summary>
    public TimeSpan? Step { get; init; }
}

/// <summary>What rows are for.</summary>
internal sealed record SplitEntry
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>Values of the rows that are trained on.</summary>
    public required List<string> Train { get; init; }

    /// <summary>Values of the rows that choices are made on.</summary>
    public List<string> Validate { get; init; } = [];

    /// <summary>Values of the rows that are reported on.</summary>
    public List<string> Test { get; init; } = [];
}

/// <summary>Something that may have followed an impression.</summary>
internal sealed record OutcomeEntry
{
    /// <summary>An expression over the row's columns: it happened where this is not 0.</summary>
    public required string When { get; init; }

    /// <summary>An expression over the row's columns: how long after the impression, in milliseconds.</summary>
    public string After { get; init; } = "0";

    /// <summary>An expression over the row's columns: a number that it carries, such as play time or price.</summary>
    public string? Value { get; init; }
}

/// <summary>A table with one row an entity.</summary>
internal sealed record EntityEntry
{
    /// <summary>The file, as for the log.</summary>
    public required string Path { get; init; }

    /// <summary>The column with the entity's id.</summary>
    public required string Id { get; init; }
}
