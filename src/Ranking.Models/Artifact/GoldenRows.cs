using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>Chooses the inputs of a golden set.</summary>
public static class GoldenRows
{
    /// <summary>How many rows are taken from examples at most.</summary>
    public const int FromExamples = 28;

    private const string NeverSeen = "\u0001never seen";
    private const int SequenceEntries = 3;

    /// <summary>The examples, evenly spread, and four that real traffic may lack: nothing known, empty lists, unknown ids, both.</summary>
    public static ImmutableArray<GoldenRow> Choose(FeatureSchema schema, IReadOnlyList<Example> examples)
    {
        var count = Math.Min(FromExamples, examples.Count);
        var time = examples.Count == 0 ? 0 : examples[^1].EventTime;
        var chosen = Enumerable.Range(0, count).Select(i => examples[(int)((long)i * examples.Count / count)]);
        return
        [
            .. chosen.Select(example => new GoldenRow(example.EventTime, example.Features)),
            new GoldenRow(time, default),
            new GoldenRow(time, Records(schema, hasIds: false, hasLists: true)),
            new GoldenRow(time, Records(schema, hasIds: true, hasLists: false)),
            new GoldenRow(time, Records(schema, hasIds: true, hasLists: true)),
        ];
    }

    private static FeatureRecords Records(FeatureSchema schema, bool hasIds, bool hasLists)
    {
        ReadOnlyMemory<byte> Record(FeatureScope scope)
        {
            var writer = new FeatureRecordWriter(schema.Fingerprint);
            foreach (var feature in schema.Features.Where(feature => feature.Scope == scope && feature.Derived is null))
            {
                if (feature.Kind == FeatureKind.Categorical && hasIds)
                {
                    writer.Write(feature.Id, NeverSeen);
                }
                else if (feature.Kind == FeatureKind.Sequence && (hasIds || hasLists))
                {
                    writer.WriteSequence(feature.Id, hasIds ? SequenceEntries : 0, feature.Columns.Length, hasIds ? Unknown(feature.Columns) : []);
                }
                else if (feature.Kind == FeatureKind.List && hasLists)
                {
                    writer.WriteList(feature.Id, Array.Empty<string>());
                }
                else if (feature.Kind == FeatureKind.WeightedList && hasLists)
                {
                    // An empty weighted list: the plain writer would call it unweighted.
                    writer.WriteRaw(feature.Id, FeatureValueType.WeightedTextList, [0]);
                }
            }

            return writer.ToArray();
        }

        ReadOnlySpan<byte> Unknown(ImmutableArray<SequenceColumn> columns)
        {
            var cells = new SequenceCells();
            foreach (var column in Enumerable.Repeat(columns, SequenceEntries).SelectMany(entry => entry))
            {
                if (column.Kind == SequenceColumnKind.Age)
                {
                    cells.Add(0L);
                }
                else
                {
                    cells.Add(NeverSeen);
                }
            }

            return cells.Written;
        }

        return new FeatureRecords(Record(FeatureScope.User), Record(FeatureScope.Context), Record(FeatureScope.Item), Record(FeatureScope.Pair));
    }
}
