using System.Globalization;
using System.Text;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>Reads the value by which an impression is sliced, from its raw records.</summary>
internal sealed class Slicer
{
    public const string Split = "split";
    public const string None = "(none)";
    private readonly Feature? feature;

    public Slicer(FeatureSchema schema, string name)
    {
        Name = name;
        feature = schema.Find(name);
        if (name != Split && (feature is null || feature.Kind != FeatureKind.Categorical || feature.Derived is not null))
        {
            throw new EvaluationException(
                $"slice_by names '{name}', which is no categorical feature of the records: choose of "
                + $"{string.Join(", ", schema.Features.Where(other => other.Kind == FeatureKind.Categorical && other.Derived is null).Select(other => other.Name).Append(Split))}.");
        }
    }

    public string Name { get; }

    public string ValueOf(Example example)
    {
        if (feature is null)
        {
            return example.Split.Length == 0 ? None : example.Split;
        }

        var reader = new FeatureRecordReader(example.Features.Of(feature.Scope).Span);
        while (reader.Read())
        {
            if (reader.FeatureId == feature.Id)
            {
                var value = reader.Value;
                return reader.Type switch
                {
                    FeatureValueType.Integer => FeatureRecordReader.TakeInteger(ref value).ToString(CultureInfo.InvariantCulture),
                    FeatureValueType.Text => Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value)),
                    _ => None,
                };
            }
        }

        return None;
    }
}
