using System.Collections.Immutable;
using System.IO.Enumeration;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>The groups that a person declared, with the features that their patterns mean.</summary>
internal sealed class DeclaredGroups
{
    private readonly List<string> faults = [];

    /// <param name="groups">As declared.</param>
    /// <param name="names">What can be permuted.</param>
    /// <param name="schema">All features, to say why another cannot.</param>
    public DeclaredGroups(ImmutableArray<ImportanceGroup> groups, ImmutableArray<string> names, FeatureSchema schema)
    {
        Groups = [.. groups.Select(group => (group.Name, Members(group, names, schema)))];
        foreach (var (index, group) in Groups.Index())
        {
            foreach (var (other, members) in Groups.Skip(index + 1).Where(other => other.Name != group.Name))
            {
                if (names.Where(group.Members.Intersect(members).Contains).ToList() is [var first, .. var rest])
                {
                    var more = rest.Count == 0 ? "" : $" and {rest.Count} more";
                    faults.Add($"importance_group '{group.Name}' and '{other}' both hold '{first}'{more}: leave it to one of them; '*' stands for any letters, also dots.");
                }
            }
        }
    }

    /// <summary>Each group with the names that it holds.</summary>
    public ImmutableArray<(string Name, ImmutableHashSet<string> Members)> Groups { get; }

    /// <summary>Whether a declared group holds the name.</summary>
    public bool Holds(string name) => Groups.Any(group => group.Members.Contains(name));

    /// <summary>Notes names that are taken, and refuses the groups where they have faults.</summary>
    /// <param name="others">The names of the groups that nobody declared.</param>
    /// <exception cref="EvaluationException">All faults, one a line.</exception>
    public void CheckNames(IEnumerable<string> others)
    {
        var taken = others.ToHashSet(StringComparer.Ordinal);
        faults.AddRange(Groups.Select(group => group.Name).Where(name => !taken.Add(name))
            .Select(name => $"importance_group '{name}': another group of the report has this name; take another."));
        if (faults.Count > 0)
        {
            throw new EvaluationException(string.Join('\n', faults));
        }
    }

    private ImmutableHashSet<string> Members(ImportanceGroup group, ImmutableArray<string> names, FeatureSchema schema)
    {
        var members = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var pattern in group.Features)
        {
            var found = names.Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)).ToList();
            if (found.Count == 0)
            {
                faults.Add($"importance_group '{group.Name}' names '{pattern}', {Why(pattern, names, schema)}.");
            }

            members.UnionWith(found);
        }

        return members.ToImmutable();
    }

    private static string Why(string pattern, ImmutableArray<string> names, FeatureSchema schema) => schema.Find(pattern) switch
    {
        { TrainOnly: true } => "which only training reads: leave it out",
        { Derived: { } formula } => $"which is derived: name what it is made of, {string.Join(", ", Expression.Parse(formula).Variables)}",
        not null => "which does not reach the model: leave it out",
        null when pattern.Contains('*') => "which no feature matches: name features, '*' stands for any letters",
        null => $"which is no feature: choose of {string.Join(", ", names.Order(StringComparer.Ordinal))}",
    };
}
