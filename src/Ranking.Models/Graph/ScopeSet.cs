using Ranking.Core;

namespace Ranking.Models;

/// <summary>The scopes that a node's value depends on.</summary>
[Flags]
public enum ScopeSet : byte
{
    /// <summary>None: a constant.</summary>
    None = 0,

    /// <summary>Of the user.</summary>
    User = 1 << FeatureScope.User,

    /// <summary>Of the request.</summary>
    Context = 1 << FeatureScope.Context,

    /// <summary>Of the item.</summary>
    Item = 1 << FeatureScope.Item,

    /// <summary>Of user and item together.</summary>
    Pair = 1 << FeatureScope.Pair,

    /// <summary>What is computed for each candidate.</summary>
    Candidate = Item | Pair,
}
