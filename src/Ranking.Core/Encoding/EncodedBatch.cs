using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>
/// Encoded inputs by scope. For serving, user and context have one row and item and pair one a candidate; for training,
/// every scope has one row an example.
/// </summary>
public sealed class EncodedBatch
{
    /// <summary>An empty batch of a schema.</summary>
    public EncodedBatch(FeatureSchema schema) =>
        Scopes = [.. Enum.GetValues<FeatureScope>().Select(scope =>
            new EncodedScope([.. schema.Features.Where(feature => feature.IsInput && feature.Scope == scope).Select(feature => new EncodedColumn(feature))]))];

    /// <summary>The scopes, indexed by <see cref="FeatureScope"/>.</summary>
    public ImmutableArray<EncodedScope> Scopes { get; }

    /// <summary>The columns of a scope.</summary>
    public EncodedScope this[FeatureScope scope] => Scopes[(int)scope];

    /// <summary>The column of an input feature.</summary>
    public EncodedColumn ColumnOf(int featureId) => Scopes.SelectMany(scope => scope.Columns).First(column => column.Feature.Id == featureId);

    /// <summary>How many raw values were of a type that their feature does not take, and were read as missing.</summary>
    public int Mistyped => Scopes.Sum(scope => scope.Mistyped);

    /// <summary>Empties it, for the next examples or request.</summary>
    public void Clear()
    {
        foreach (var scope in Scopes)
        {
            scope.Clear();
        }
    }
}

/// <summary>The input features of one scope.</summary>
public sealed class EncodedScope
{
    internal EncodedScope(ImmutableArray<EncodedColumn> columns) => Columns = columns;

    /// <summary>How many rows are encoded.</summary>
    public int Rows { get; internal set; }

    /// <summary>How many raw values were of a type that their feature does not take.</summary>
    internal int Mistyped { get; set; }

    /// <summary>One column for each input feature of the scope, ascending by feature id.</summary>
    public ImmutableArray<EncodedColumn> Columns { get; }

    internal void Clear()
    {
        (Rows, Mistyped) = (0, 0);
        foreach (var column in Columns)
        {
            column.Clear();
        }
    }
}
