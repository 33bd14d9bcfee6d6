using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Makes sequences, and the features that carry them, of their entries.</summary>
internal sealed class SequenceBuilder(JobDocument document, IReadOnlyList<DeclaredFeature> features, IEnumerable<Feature> statistics, FaultList faults)
{
    private const string Outcome = "outcome", Age = "age";
    private const int MostOutcomes = 32;

    private readonly StatisticFormulas formulas = new(document, features, faults);
    private readonly List<Feature> taken = [.. features.Select(one => one.Feature), .. statistics];

    /// <summary>Each sequence with its feature.</summary>
    public IReadOnlyList<(Feature Feature, SequenceSpec Spec)> Build() => [.. document.Sequences.Select(pair => Make(pair.Key, pair.Value))];

    private (Feature Feature, SequenceSpec Spec) Make(string name, SequenceEntry entry)
    {
        var path = $"sequences.{name}";
        var columns = Columns(name, entry, path);
        var feature = new Feature
        {
            Id = entry.Id ?? FeatureIds.Of($"{name}({string.Join(',', entry.Columns.Concat(entry.Outcomes ?? []))})", FeatureKind.Sequence),
            Name = name,
            Kind = FeatureKind.Sequence,
            Scope = FeatureScope.User,
            IsInput = entry.Attend,
            IsStatistic = true,
            Columns = columns,
        };
        formulas.IsEvent(entry.Of, $"{path}.of");
        CheckName(feature, path);
        taken.Add(feature);
        return (feature, new SequenceSpec
        {
            FeatureId = feature.Id,
            Event = entry.Of,
            Last = entry.Last,
            Lag = entry.Lag,
            Expire = entry.Expire,
            Outcomes = OutcomesOf(entry, path),
        });
    }

    private ImmutableArray<string> OutcomesOf(SequenceEntry entry, string path)
    {
        if (entry.Outcomes is null)
        {
            return [.. (document.Tasks?.Values ?? Enumerable.Empty<TaskEntry>()).Select(task => task.Outcome).Distinct()];
        }

        if (entry.Outcomes.Count > MostOutcomes)
        {
            faults.Add($"{path}.outcomes", $"{entry.Outcomes.Count} outcomes", $"name {MostOutcomes} at most");
        }

        foreach (var outcome in entry.Outcomes)
        {
            formulas.IsEvent(outcome, $"{path}.outcomes");
        }

        return [.. entry.Outcomes.Distinct()];
    }

    private ImmutableArray<SequenceColumn> Columns(string name, SequenceEntry entry, string path)
    {
        var columns = ImmutableArray.CreateBuilder<SequenceColumn>();
        foreach (var column in entry.Columns)
        {
            if (columns.Any(other => other.Name == column))
            {
                faults.Add($"{path}.columns", $"'{column}' a second time", "give each column once");
            }
            else if (column is Outcome or Age)
            {
                columns.Add(new SequenceColumn(column, column == Age ? SequenceColumnKind.Age : SequenceColumnKind.Outcome, $"{name}.{column}", 0));
            }
            else if (features.FirstOrDefault(one => one.Feature.Name == column)?.Feature is { } feature && IsColumn(feature))
            {
                columns.Add(new SequenceColumn(column, SequenceColumnKind.Feature, feature.Table!, feature.Id));
            }
            else
            {
                faults.Add($"{path}.columns", $"'{column}', which is no categorical input of the item, the pair or the request",
                    Spelling.OneOf(column, features.Select(one => one.Feature).Where(IsColumn).Select(feature => feature.Name).Concat([Outcome, Age])));
            }
        }

        if (entry.Attend && !columns.Any(column => column.Kind == SequenceColumnKind.Feature) && !faults.HasAt($"{path}.columns"))
        {
            faults.Add($"{path}.columns", "nothing that candidates have too", "add a feature of the item, or set attend: false");
        }

        return columns.ToImmutable();
    }

    // What the user is does not change from entry to entry.
    private static bool IsColumn(Feature feature) =>
        feature is { IsEmbedded: true, IsInput: true, TrainOnly: false, Scope: not FeatureScope.User };

    private void CheckName(Feature feature, string path)
    {
        if (taken.Exists(other => other.Name == feature.Name) || !FeatureBuilder.IsName(feature.Name))
        {
            faults.Add(path, $"the name '{feature.Name}'", "take a name that no feature has: a letter or '_', then letters, digits, '_' or '.'");
        }
        else if (taken.Find(other => other.Id == feature.Id) is { } other)
        {
            faults.Add(path, $"the number {feature.Id}, which '{other.Name}' has", "give one of them an id of its own");
        }
    }
}
