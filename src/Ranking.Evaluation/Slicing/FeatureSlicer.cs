using System.Globalization;
using System.Text;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>By the raw value of a categorical feature.</summary>
internal sealed class FeatureSlicer(string name, Feature feature) : Slicer(name)
{
    public override bool IsOrdered => false;

    public override string ValueOf(Example example)
    {
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
