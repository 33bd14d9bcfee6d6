using System.Text.RegularExpressions;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>A feature with the entry that declares it.</summary>
internal sealed record DeclaredFeature(Feature Feature, FeatureEntry Entry, string Path);

/// <summary>Makes features of their entries.</summary>
internal sealed partial class FeatureBuilder(JobDocument document, FaultList faults)
{
    private readonly List<(string Name, FeatureEntry Entry, string Path)> declared = [];

    /// <summary>Whether features may be called so.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    public IReadOnlyList<DeclaredFeature> Build()
    {
        foreach (var (index, entry) in (document.Features ?? []).Index())
        {
            var path = $"features[{index}]";
            foreach (var name in (entry.Names ?? []).SelectMany(NameRange.Expand))
            {
                Declare(name, entry, path);
            }

            CheckEntry(entry, path);
        }

        var derived = new DerivedCheck(declared, faults);
        var features = declared.ConvertAll(one => new DeclaredFeature(Make(one.Name, one.Entry, derived.ScopeOf(one.Name, one.Entry, one.Path)), one.Entry, one.Path));
        foreach (var shared in features.GroupBy(one => one.Feature.Id).Where(group => group.Count() > 1))
        {
            faults.Add(shared.Last().Path, $"the id {shared.Key} twice: {string.Join(" and ", shared.Select(one => one.Feature.Name))}",
                "give one of them an id of its own that was never used before");
        }

        return features;
    }

    private void Declare(string name, FeatureEntry entry, string path)
    {
        if (!Name().IsMatch(name))
        {
            faults.Add($"{path}.names", $"'{name}'", "begin with a letter or '_', then letters, digits, '_' or '.'");
        }
        else if (DerivedCheck.Facts.Contains(name) && entry.Derived is null)
        {
            faults.Add($"{path}.names", $"'{name}', which is built in", $"take another name, or add derived: {name}");
        }
        else if (declared.Exists(other => other.Name == name))
        {
            faults.Add($"{path}.names", $"'{name}' a second time", "take another name");
        }
        else
        {
            declared.Add((name, entry, path));
            faults.Alias($"features.{name}", path);
        }
    }

    private void CheckEntry(FeatureEntry entry, string path)
    {
        var isNumeric = entry.Kind == FeatureKind.Numeric;
        Check(entry.Kind != FeatureKind.Sequence, "kind", entry.Kind, "declare it under sequences: past events give it, no table has it");
        var isSingle = entry.Names is [var only] && !NameRange.Is(only);
        Check(entry.Id is null || isSingle, "id", entry.Id, "declare the features one an entry, each with its id");
        Check(entry.Column is null || isSingle, "column", entry.Column, "declare the features one an entry, each with its column");
        Check(entry.Derived is null || isSingle, "derived", entry.Derived, "declare the features one an entry, each with its formula");
        Check(entry.Table is null || !isNumeric, "table", entry.Table, "leave it out: numeric features are not embedded");
        Check(entry.Dim is null || !isNumeric, "dim", entry.Dim, "leave it out: numeric features are not embedded");
        Check(entry.Transform is null || isNumeric, "transform", entry.Transform, "leave it out, or set kind: numeric");
        Check(entry.Embed is null || isNumeric, "embed", entry.Embed?.Kind, "leave it out, or set kind: numeric: ids are embedded by their table");
        var isPiecewise = entry.Embed?.Kind == NumericEmbeddingKind.Piecewise;
        Check(entry.Embed?.Bins is null || isPiecewise, "embed.bins", entry.Embed?.Bins, "leave it out, or set kind: piecewise");
        Check(entry.Embed?.Frequencies is null || !isPiecewise, "embed.frequencies", entry.Embed?.Frequencies, "leave it out, or set kind: periodic");
        Check(entry.Embed?.Deviation is null || !isPiecewise, "embed.deviation", entry.Embed?.Deviation, "leave it out, or set kind: periodic");
        Check(entry.Missing is null || isNumeric, "missing", entry.Missing, "leave it out: a missing id has an embedding of its own");
        Check(entry.ServeAs is null || entry.TrainOnly, "serve_as", entry.ServeAs, "set train_only: true, or leave it out");
        Check(entry.ServeAs is null || !isNumeric || double.TryParse(entry.ServeAs, out _), "serve_as", entry.ServeAs, "give a number");
        Check(entry.Scope is not null || entry.Derived is not null || entry.Names is null, "scope", null, "add scope: user, context, item or pair");
        Check(entry.Derived is null || (entry.Column ?? (object?)entry.From) is null, "derived", entry.Derived, "leave out column and from: it is computed, not read");
        Check(entry.Derived is null || entry.Input, "input", false, "leave the feature out: no other can read a derived one");
        Check(entry.Derived is null || entry.Kind is FeatureKind.Categorical or FeatureKind.Numeric, "kind", entry.Kind, "give categorical or numeric: a formula has one value");

        void Check(bool holds, string key, object? found, string fix)
        {
            if (!holds && !faults.HasAt($"{path}.{key}"))
            {
                faults.Add($"{path}.{key}", found is null ? "nothing" : $"'{(found is Enum name ? Spelling.Snake(name.ToString()) : found)}'", fix);
            }
        }
    }

    private Feature Make(string name, FeatureEntry entry, FeatureScope scope)
    {
        var isAttended = document.Sequences.Values.Any(sequence => sequence.Attend && sequence.Columns.Contains(name));
        var isLeftOut = document.Model is { } model && model.Members.Prepend(model).All(network => LeftOut.Names(network.LeaveOut, name))
            && (entry.Kind != FeatureKind.Numeric || model.Trees is null);
        return new Feature
        {
            Id = entry.Id ?? FeatureIds.Of(name, entry.Kind),
            Name = name,
            Kind = entry.Kind,
            Scope = scope,
            Table = entry.Kind == FeatureKind.Numeric ? null : entry.Table ?? name,
            Transform = entry.Kind == FeatureKind.Numeric ? entry.Transform ?? TransformKind.Standard : TransformKind.None,
            Embedding = entry is { Kind: FeatureKind.Numeric, Embed: { } embed } ? Make(embed) : null,
            Missing = entry.Missing ?? MissingRule.Zero,
            Derived = entry.Derived,
            IsInput = entry.Input && (!isLeftOut || isAttended),
            TrainOnly = entry.TrainOnly,
            ServeAs = entry.ServeAs,
        };
    }

    private static NumericEmbedding Make(NumericEmbeddingEntry entry)
    {
        var defaults = new NumericEmbedding { Kind = entry.Kind };
        return defaults with
        {
            Bins = entry.Bins ?? defaults.Bins,
            Frequencies = entry.Frequencies ?? defaults.Frequencies,
            Deviation = entry.Deviation ?? defaults.Deviation,
            Dimension = entry.Dim,
        };
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.]*$")]
    private static partial Regex Name();
}
