using Ranking.Core;

namespace Ranking.Files;

/// <summary>Tells what a column of the log belongs to.</summary>
internal sealed class ScopeFinder(ColumnProfile? user, ColumnProfile? item, ColumnProfile? request)
{
    // How far an id must fix a column: the rest are errors and what changes in time.
    private const double Enough = 0.9;

    public (FeatureScope Scope, string Reason) Find(ColumnProfile column, ColumnRole role)
    {
        if ((user ?? item ?? request) is null)
        {
            // A row is a user of its own.
            return (FeatureScope.User, "");
        }

        var best = new[] { (Key: user, Scope: FeatureScope.User), (Key: item, Scope: FeatureScope.Item), (Key: request, Scope: FeatureScope.Context) }
            .Where(each => each.Key is not null).Select(each => (each.Key, each.Scope, Fixes: ColumnRelation.Fixes(each.Key!, column)))
            .Where(each => each.Fixes >= Enough).OrderByDescending(each => Math.Round(each.Fixes, 2)).FirstOrDefault();
        if (best.Key is not null)
        {
            return (best.Scope, $"{best.Key.Name} fixes it in {best.Fixes:P0}");
        }

        return user is not null && NameWords.Has(column.Name, NameWords.Users) ? (FeatureScope.User, "by its name the user's")
            : item is not null && NameWords.Has(column.Name, NameWords.Items) ? (FeatureScope.Item, "by its name the item's")
            : role == ColumnRole.Numeric || request is not null ? (FeatureScope.Pair, "differs within what user, item or request would fix")
            : (FeatureScope.Context, "neither user nor item fixes it");
    }
}
