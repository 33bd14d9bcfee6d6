using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Checks the formulas of derived features, and finds the scope that follows from what each reads.</summary>
internal sealed class DerivedCheck(List<(string Name, FeatureEntry Entry, string Path)> declared, FaultList faults)
{
    /// <summary>What formulas read of a row beside its features.</summary>
    public static IReadOnlyList<string> Facts { get; } = [Feature.EventTimeFact, Feature.PositionFact];

    /// <summary>The feature's scope, declared or found.</summary>
    public FeatureScope ScopeOf(string name, FeatureEntry entry, string path)
    {
        if (entry.Derived is null || Formulas.Parse(entry.Derived, $"{path}.derived", faults) is not { } formula)
        {
            return entry.Scope ?? FeatureScope.Context;
        }

        foreach (var fault in formula.Check(TypeOf))
        {
            var unknown = formula.Variables.FirstOrDefault(variable => TypeOf(variable) is null);
            faults.Add($"{path}.derived", fault, unknown is null ? "mend the formula" : Spelling.OneOf(unknown, Readable()));
        }

        if (formula.Variables.Contains(Feature.PositionFact) && !entry.TrainOnly)
        {
            faults.Add($"{path}.derived", $"'{entry.Derived}' reads the position, which no item has when it is scored", "set train_only: true, and serve_as to what items are scored at");
        }

        var reads = formula.Variables.Select(ScopeOfVariable).Distinct().ToList();
        var found = reads.Count == 1 ? reads[0]
            : reads.TrueForAll(scope => scope is FeatureScope.User or FeatureScope.Context) ? FeatureScope.Context
            : FeatureScope.Pair;
        if (entry.Scope is { } scope && scope != found)
        {
            faults.Add($"{path}.scope", $"'{Spelling.Snake(scope.ToString())}'",
                $"leave it out, or give {Spelling.Snake(found.ToString())}: that is where '{name}' belongs by what it reads");
        }

        return found;
    }

    private OperandType? TypeOf(string name) =>
        Facts.Contains(name) ? OperandType.Number
        : declared.Find(other => other.Name == name) is { Name: not null, Entry: { Derived: null } entry } ? entry.Kind switch
        {
            FeatureKind.Numeric => OperandType.Number,
            FeatureKind.Categorical => OperandType.Any,
            _ => null,
        }
        : null;

    // When serving, a train-only feature has one value for all candidates: the position asks for no scope of its own.
    private FeatureScope ScopeOfVariable(string name) =>
        Facts.Contains(name) ? FeatureScope.Context : declared.Find(other => other.Name == name).Entry?.Scope ?? FeatureScope.Context;

    private IEnumerable<string> Readable() => declared.Select(other => other.Name).Where(name => TypeOf(name) is not null).Concat(Facts);
}
