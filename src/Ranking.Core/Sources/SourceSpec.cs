using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>Where a job's data stands in files: a table of labelled rows, and the entities that it names.</summary>
public sealed record SourceSpec
{
    /// <summary>The labelled rows, one an impression.</summary>
    public required LogTableSpec Log { get; init; }

    /// <summary>One row a user; null where the log's rows carry the users' features.</summary>
    public EntityTableSpec? Users { get; init; }

    /// <summary>One row an item; null where the log's rows carry the items' features.</summary>
    public EntityTableSpec? Items { get; init; }

    /// <summary>Which column of which table each raw feature reads.</summary>
    public required ImmutableArray<FeatureColumn> Columns { get; init; }
}

/// <summary>A table of labelled rows, read as the events that it stands for.</summary>
public sealed record LogTableSpec
{
    /// <summary>The file: CSV, JSON lines (either also gzipped) or Parquet, by its name's ending.</summary>
    public required string Path { get; init; }

    /// <summary>Request ids are this, a colon and the row's number: distinct between tables that are loaded into one log.</summary>
    public required string RequestPrefix { get; init; }

    /// <summary>The column with the user's id; null where every row is a user of its own, named by the row's number from 0.</summary>
    public string? UserColumn { get; init; }

    /// <summary>The column with the item's id; null where every row is an item of its own.</summary>
    public string? ItemColumn { get; init; }

    /// <summary>The column with the position, from 0, at which the row's item was shown; null where the table does not say.</summary>
    public string? PositionColumn { get; init; }

    /// <summary>When each row happened.</summary>
    public required RowTimeSpec Time { get; init; }

    /// <summary>How rows are split; null where they are not.</summary>
    public SplitSpec? Split { get; init; }

    /// <summary>To how many partitions the events are dealt, by the hash of the user, 1 to 1024.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>What may have followed a row's impression.</summary>
    public required ImmutableArray<OutcomeSpec> Outcomes { get; init; }
}

/// <summary>When a table's rows happened: from a column, or one after another from a start.</summary>
public sealed record RowTimeSpec
{
    /// <summary>The column with the time; null where rows follow each other from <see cref="Start"/>.</summary>
    public string? Column { get; init; }

    /// <summary>What the column counts.</summary>
    public TimeUnit Unit { get; init; }

    /// <summary>The first row's time.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>From one row to the next.</summary>
    public TimeSpan Step { get; init; }
}

/// <summary>What a time column holds.</summary>
public enum TimeUnit : byte
{
    /// <summary>Unix milliseconds.</summary>
    Ms = 0,

    /// <summary>Unix seconds, with or without a fraction.</summary>
    S = 1,

    /// <summary>Unix microseconds.</summary>
    Us = 2,

    /// <summary>ISO 8601 text; UTC where it names no zone.</summary>
    Iso = 3,
}

/// <summary>Something that may have followed an impression.</summary>
/// <param name="Name">The outcome's name, as tasks refer to it.</param>
/// <param name="When">An expression over the row's columns: the outcome happened where it is not 0.</param>
/// <param name="After">An expression over the row's columns: how long after the impression, in milliseconds, 0 or more.</param>
/// <param name="Value">An expression over the row's columns: a number that it carries; null for none.</param>
public sealed record OutcomeSpec(string Name, string When, string After, string? Value = null);

/// <summary>A table with one row an entity.</summary>
/// <param name="Path">The file, as in <see cref="LogTableSpec.Path"/>.</param>
/// <param name="IdColumn">The column with the entity's id.</param>
public sealed record EntityTableSpec(string Path, string IdColumn);

/// <summary>The tables that a feature can be read from.</summary>
public enum SourceTable : byte
{
    /// <summary>The labelled rows.</summary>
    Log = 0,

    /// <summary>The users.</summary>
    Users = 1,

    /// <summary>The items.</summary>
    Items = 2,
}

/// <summary>The column that a raw feature reads.</summary>
/// <param name="FeatureId">The feature.</param>
/// <param name="Table">The table.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Separator">What stands between a list's values where they are given as one text.</param>
public sealed record FeatureColumn(int FeatureId, SourceTable Table, string Column, string Separator = ",");

/// <summary>What the rows of a table are for, by the value of a column.</summary>
public sealed record SplitSpec
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>Values of the rows that are trained on.</summary>
    public required ImmutableArray<string> Train { get; init; }

    /// <summary>Values of the rows that choices are made on.</summary>
    public ImmutableArray<string> Validate { get; init; } = [];

    /// <summary>Values of the rows that are reported on.</summary>
    public ImmutableArray<string> Test { get; init; } = [];

    /// <summary>Whether the value is declared.</summary>
    public bool Knows(string value) => Train.Contains(value) || Validate.Contains(value) || Test.Contains(value);
}

/// <summary>Something in the data that does not fit its declaration.</summary>
/// <param name="Path">The declaration, as in <c>sources.log.time.column</c>.</param>
/// <param name="Found">What the data holds, and where.</param>
/// <param name="Fix">What to do.</param>
public sealed record SourceFault(string Path, string Found, string Fix);
