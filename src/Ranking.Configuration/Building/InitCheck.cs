using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>Notes what the rows of a table cannot begin from.</summary>
internal sealed class InitCheck(IReadOnlyList<DeclaredFeature> features, IReadOnlyList<Feature> sequences, FaultList faults)
{
    /// <summary>Checks <c>init_from</c> of the entries against the tables that they make.</summary>
    public void Check(IReadOnlyDictionary<string, TableEntry> entries, ImmutableArray<EmbeddingTableSpec> tables)
    {
        foreach (var (name, entry) in entries.Where(one => one.Value.InitFrom.Count > 0))
        {
            if (!features.Any(one => one.Feature.IsInput && one.Feature.Table == name))
            {
                var found = $"'{string.Join(", ", entry.InitFrom)}' for a table that no feature of the model reads by itself";
                faults.Add($"tables.{name}.init_from", found, "leave it out");
                continue;
            }

            foreach (var (index, from) in entry.InitFrom.Index())
            {
                if (FaultOf(from, tables.First(table => table.Name == name), tables) is { } fault)
                {
                    faults.Add($"tables.{name}.init_from[{index}]", fault.Found, fault.Fix);
                }
            }
        }
    }

    private (string Found, string Fix)? FaultOf(string from, EmbeddingTableSpec table, ImmutableArray<EmbeddingTableSpec> tables)
    {
        var usable = features.Select(one => one.Feature)
            .Where(other => other is { IsInput: true, IsEmbedded: true } && other.Table != table.Name).Select(other => other.Name);
        var feature = features.FirstOrDefault(one => one.Feature.Name == from)?.Feature;
        return feature switch
        {
            null when sequences.Any(sequence => sequence.Name == from) => ($"'{from}', a sequence", Spelling.OneOf(from, usable)),
            null => ($"'{from}', which is no feature", Spelling.OneOf(from, usable)),
            { IsEmbedded: false } => ($"'{from}', a number, which has no rows", Spelling.OneOf(from, usable)),
            { IsInput: false } => ($"'{from}', which the model does not read (input: false)", Spelling.OneOf(from, usable)),
            _ when feature.Table == table.Name => ($"'{from}', whose ids are of the table itself", Spelling.OneOf(from, usable)),
            _ when tables.First(other => other.Name == feature.Table).Dimension is var dimension && dimension != table.Dimension
                => ($"'{from}', whose rows have {dimension} numbers where '{table.Name}' has {table.Dimension}",
                    $"give the tables '{feature.Table}' and '{table.Name}' one dim"),
            _ => null,
        };
    }
}
