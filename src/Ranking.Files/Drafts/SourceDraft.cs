using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>What a column is for.</summary>
public enum ColumnRole : byte
{
    /// <summary>The user's id.</summary>
    UserId = 0,

    /// <summary>The item's id.</summary>
    ItemId = 1,

    /// <summary>The request that a row was shown for.</summary>
    RequestId = 2,

    /// <summary>When a row happened.</summary>
    Time = 3,

    /// <summary>Whether a row is for training, choosing or testing.</summary>
    Split = 4,

    /// <summary>The place at which the item was shown.</summary>
    Position = 5,

    /// <summary>Whether something followed.</summary>
    Label = 6,

    /// <summary>Must not be a feature: known after the impression, decides a label, or weighs the row.</summary>
    Never = 7,

    /// <summary>Says nothing, or nothing new.</summary>
    Useless = 8,

    /// <summary>A day, from which an age follows.</summary>
    Date = 9,

    /// <summary>An id of one.</summary>
    Categorical = 10,

    /// <summary>A number.</summary>
    Numeric = 11,

    /// <summary>Ids with a separator between them.</summary>
    List = 12,

    /// <summary>Ids with weights after a colon.</summary>
    WeightedList = 13,
}

/// <summary>What a column seems to be, and why.</summary>
/// <param name="Name">The column.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ColumnDraft(string Name, ColumnRole Role, string Reason)
{
    /// <summary>What a feature's values belong to.</summary>
    public FeatureScope Scope { get; init; }

    /// <summary>How many different values the sample has.</summary>
    public int Distinct { get; init; }

    /// <summary>How a number becomes an input.</summary>
    public TransformKind Transform { get; init; }

    /// <summary>Whether so many rows have no value that this itself may say something.</summary>
    public bool IsOftenMissing { get; init; }

    /// <summary>What stands between a list's values.</summary>
    public string Separator { get; init; } = ",";

    /// <summary>Whether the values are given to the model.</summary>
    public bool IsFeature => Role is ColumnRole.UserId or ColumnRole.ItemId or ColumnRole.Categorical or ColumnRole.Numeric or ColumnRole.List or ColumnRole.WeightedList;
}

/// <summary>What a table's columns seem to be.</summary>
/// <param name="Path">The file.</param>
/// <param name="Id">The column with the entity's id; null for the log.</param>
/// <param name="Columns">The columns, as in the table.</param>
/// <param name="Reason">Why it is taken for this table.</param>
public sealed record TableDraft(string Path, string? Id, ImmutableArray<ColumnDraft> Columns, string Reason)
{
    /// <summary>The first column of a role.</summary>
    public ColumnDraft? Find(ColumnRole role) => Columns.FirstOrDefault(column => column.Role == role);
}

/// <summary>Something that may have followed an impression.</summary>
/// <param name="Name">Its name.</param>
/// <param name="When">The formula of the log's columns that is not 0 where it did.</param>
/// <param name="After">The formula for how many milliseconds later.</param>
/// <param name="Share">The share of sampled rows that it followed.</param>
/// <param name="Reason">Why the columns are taken for this.</param>
public sealed record OutcomeDraft(string Name, string When, string After, double Share, string Reason)
{
    /// <summary>The outcome without which this one does not happen; null where it stands alone.</summary>
    public string? Given { get; init; }

    /// <summary>Whether the draft's model learns it.</summary>
    public bool IsTask { get; init; }
}

/// <summary>When rows happened.</summary>
/// <param name="Column">The column; null where none says.</param>
/// <param name="Unit">What it holds.</param>
/// <param name="Reason">Why.</param>
public sealed record TimeDraft(string? Column, TimeUnit Unit, string Reason);

/// <summary>What a job's data seem to be.</summary>
public sealed record SourceDraft
{
    /// <summary>The labelled rows.</summary>
    public required TableDraft Log { get; init; }

    /// <summary>One row a user, where there is such a table.</summary>
    public TableDraft? Users { get; init; }

    /// <summary>One row an item, where there is such a table.</summary>
    public TableDraft? Items { get; init; }

    /// <summary>When rows happened.</summary>
    public required TimeDraft Time { get; init; }

    /// <summary>What may have followed, parents before their children.</summary>
    public required ImmutableArray<OutcomeDraft> Outcomes { get; init; }

    /// <summary>The values of the split column, by use; empty where there is none.</summary>
    public required SplitValues Split { get; init; }

    /// <summary>Where the draft had to guess what only a person can know.</summary>
    public ImmutableArray<string> Doubts { get; init; } = [];
}

/// <summary>The values of a split column.</summary>
/// <param name="Train">Of rows that are trained on.</param>
/// <param name="Validate">Of rows that choices are made on.</param>
/// <param name="Test">Of rows that are reported on.</param>
public sealed record SplitValues(ImmutableArray<string> Train, ImmutableArray<string> Validate, ImmutableArray<string> Test);

/// <summary>What a person says of the data, in place of what would be inferred.</summary>
public sealed record DraftHints
{
    /// <summary>The log's column with the user's id.</summary>
    public string? User { get; init; }

    /// <summary>The log's column with the item's id.</summary>
    public string? Item { get; init; }

    /// <summary>The log's column with the event time.</summary>
    public string? Time { get; init; }

    /// <summary>The log's columns with labels; found where empty.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];
}
