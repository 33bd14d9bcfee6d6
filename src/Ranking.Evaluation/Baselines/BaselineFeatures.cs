using System.Collections.Immutable;
using Microsoft.ML.Data;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>The encoded features of all rows, training rows first, in the fields that the baselines read.</summary>
internal sealed class BaselineFeatures
{
    public const string Label = "Label";
    public const string Numbers = "numbers";
    public const string Frequencies = "frequencies";
    private const int Chunk = 1024;
    private readonly List<float> numbers = [];

    private BaselineFeatures(EncodedBatch batch)
    {
        var columns = Columns(batch);
        Ids = [.. columns.Where(column => column.Feature.IsEmbedded).Select(column => new IdField(column.Feature))];
        NumberWidth = 2 * (columns.Length - Ids.Length);
    }

    /// <summary>The embedded features, each a one-hot field.</summary>
    public ImmutableArray<IdField> Ids { get; }

    /// <summary>Numbers a row: for each numeric feature its transformed value, and 1 where it is missing.</summary>
    public int NumberWidth { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; private set; }

    public static BaselineFeatures Encode(EvaluatedModel model, IReadOnlyList<Example> examples, int trainRows)
    {
        var encoder = new FeatureEncoder(model.Spec.Schema, model.Transforms, serving: true);
        var batch = encoder.CreateBatch();
        var features = new BaselineFeatures(batch);
        foreach (var chunk in examples.Chunk(Chunk))
        {
            encoder.Encode(batch, chunk);
            features.Append(batch, chunk.Length);
        }

        foreach (var field in features.Ids)
        {
            field.Fit(trainRows);
        }

        return features;
    }

    public static string NameOf(IdField field) => $"id.{field.Feature.Name}";

    public void ReadNumbers(int row, ref VBuffer<float> into)
    {
        var editor = VBufferEditor.Create(ref into, NumberWidth);
        for (var i = 0; i < NumberWidth; i++)
        {
            editor.Values[i] = numbers[(row * NumberWidth) + i];
        }

        into = editor.Commit();
    }

    public void ReadFrequencies(int row, ref VBuffer<float> into)
    {
        var editor = VBufferEditor.Create(ref into, Ids.Length);
        for (var i = 0; i < Ids.Length; i++)
        {
            editor.Values[i] = Ids[i].LogFrequency(row);
        }

        into = editor.Commit();
    }

    // The baselines read one row of numbers and ids: sequences are none.
    private static EncodedColumn[] Columns(EncodedBatch batch) =>
        [.. batch.Scopes.SelectMany(scope => scope.Columns).Where(column => column.Feature.Kind != FeatureKind.Sequence)];

    private void Append(EncodedBatch batch, int rows)
    {
        var columns = Columns(batch);
        foreach (var (field, column) in Ids.Zip(columns.Where(column => column.Feature.IsEmbedded)))
        {
            field.Append(column);
        }

        var numeric = columns.Where(column => !column.Feature.IsEmbedded).ToArray();
        for (var row = 0; row < rows; row++)
        {
            foreach (var column in numeric)
            {
                numbers.Add(column.Values[row]);
                numbers.Add(column.Missing[row]);
            }
        }

        Rows += rows;
    }
}
