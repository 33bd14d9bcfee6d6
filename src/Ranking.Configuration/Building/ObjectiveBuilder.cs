using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Makes the objectives.</summary>
internal sealed class ObjectiveBuilder(JobDocument document, IReadOnlyList<DeclaredFeature> features, FaultList faults)
{
    public ImmutableArray<Objective> Build()
    {
        var objectives = ImmutableArray.CreateBuilder<Objective>();
        foreach (var (name, entry) in document.Objectives ?? [])
        {
            if (entry.Formula is not null)
            {
                Check($"objectives.{name}", entry);
                objectives.Add(new Objective(name, entry.Formula, entry.Constants.ToImmutableSortedDictionary(StringComparer.Ordinal)));
            }
        }

        if (document.Objectives is { Count: 0 })
        {
            faults.Add("objectives", "none", "declare one: default: {formula: …}");
        }

        return objectives.ToImmutable();
    }

    private void Check(string path, ObjectiveEntry entry)
    {
        if (Formulas.Parse(entry.Formula, $"{path}.formula", faults) is not { } formula)
        {
            return;
        }

        var known = Outputs().Concat(entry.Constants.Keys)
            .Concat(features.Where(one => one.Feature is { Kind: FeatureKind.Numeric, Derived: null, TrainOnly: false, Scope: FeatureScope.Item or FeatureScope.Pair }).Select(one => one.Feature.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in formula.Variables.Where(name => !known.Contains(name)))
        {
            faults.Add($"{path}.formula", $"'{unknown}' in '{entry.Formula}'", Spelling.OneOf(unknown, known));
        }

        foreach (var idle in entry.Constants.Keys.Where(name => !formula.Variables.Contains(name)))
        {
            faults.Add($"{path}.constants.{idle}", "a constant that the formula does not read", "use it or leave it out");
        }
    }

    private IEnumerable<string> Outputs() => (document.Tasks ?? [])
        .SelectMany(task => new[] { task.Key, TaskBuilder.JointOf(task.Key, task.Value) }.OfType<string>());
}
