using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>Makes the embedding tables that the features name.</summary>
internal sealed class TableBuilder(JobDocument document, IReadOnlyList<DeclaredFeature> features, IReadOnlyList<Feature> sequences, FaultList faults)
{
    // Outcomes and ages are few.
    private const int OwnDimension = 4;

    /// <summary>Notes tables that no feature names and features that disagree about a table.</summary>
    public void Check()
    {
        foreach (var (name, _) in document.Tables)
        {
            var known = features.Select(one => one.Feature.Table).OfType<string>().Concat(OwnTables).Distinct().ToList();
            if (!known.Contains(name))
            {
                faults.Add($"tables.{name}", "a table that no feature names", Spelling.OneOf(name, known));
            }
        }

        new InitCheck(features, sequences, faults).Check(document.Tables, Build());
        CheckReset("embedding", document.Embedding.ResetEachEpoch);
        foreach (var (name, entry) in document.Tables)
        {
            CheckReset($"tables.{name}", entry.ResetEachEpoch ?? false);
        }

        foreach (var group in features.Where(one => one.Entry.Dim is not null).GroupBy(one => one.Feature.Table))
        {
            var declared = document.Tables.GetValueOrDefault(group.Key!)?.Dim ?? group.First().Entry.Dim;
            if (group.FirstOrDefault(one => one.Entry.Dim != declared) is { } odd)
            {
                faults.Add($"{odd.Path}.dim", $"'{odd.Entry.Dim}' for the table '{group.Key}', which has {declared}", "declare it once, under tables");
            }
        }
    }

    /// <summary>The tables, by name; a feature that the model does not see needs none.</summary>
    public ImmutableArray<EmbeddingTableSpec> Build() =>
    [
        .. features.Where(one => one.Feature is { IsInput: true, IsEmbedded: true }).GroupBy(one => one.Feature.Table!).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Make(group.Key, document.Tables.GetValueOrDefault(group.Key), group.FirstOrDefault(one => one.Entry.Dim is not null)?.Entry.Dim)),
        .. OwnTables.Select(name => new EmbeddingTableSpec { Name = name, Dimension = document.Tables.GetValueOrDefault(name)?.Dim ?? OwnDimension }),
    ];

    // Of the columns that take no feature's values.
    private IEnumerable<string> OwnTables => sequences.Where(sequence => sequence.IsInput)
        .SelectMany(sequence => sequence.Columns).Where(column => column.Kind != SequenceColumnKind.Feature).Select(column => column.Table);

    private void CheckReset(string path, bool isReset)
    {
        if (isReset && document.Training.Epochs == 1)
        {
            faults.Add($"{path}.reset_each_epoch", "'true' with one epoch", "set training.epochs to 2 or more, or leave it out");
        }
    }

    private EmbeddingTableSpec Make(string name, TableEntry? entry, int? dimension) => new()
    {
        Name = name,
        Dimension = entry?.Dim ?? dimension ?? document.Embedding.Dim,
        Precision = entry?.Precision ?? document.Embedding.Precision,
        AdmitAfter = entry?.AdmitAfter ?? document.Embedding.AdmitAfter,
        ExpireAfter = entry?.ExpireAfter ?? document.Embedding.ExpireAfter,
        FrequencyDecay = entry?.FrequencyDecay ?? document.Embedding.FrequencyDecay,
        IdDropout = entry?.IdDropout ?? document.Embedding.IdDropout,
        ResetEachEpoch = entry?.ResetEachEpoch ?? document.Embedding.ResetEachEpoch,
        InitFrom = entry is { InitFrom: { Count: > 0 } from }
            ? [.. features.Where(one => from.Contains(one.Feature.Name)).Select(one => one.Feature.Id)]
            : null,
    };
}
