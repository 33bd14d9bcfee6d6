using System.Buffers.Binary;
using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Server;

/// <summary>An objective made ready for one model: what each name in its formula stands for.</summary>
internal sealed class ObjectiveProgram
{
    private readonly Expression formula;
    private readonly Source[] sources;

    public ObjectiveProgram(Objective objective, FeatureSchema schema, ImmutableArray<NamedOutput> outputs)
    {
        Objective = objective;
        formula = Expression.Parse(objective.Formula);
        sources = [.. formula.Variables.Select(name => SourceOf(name, objective, schema, outputs))];
    }

    public Objective Objective { get; }

    /// <summary>
    /// The final score of every candidate; NaN, with a flag, where a feature that the formula reads is missing or time did not
    /// suffice.
    /// </summary>
    public void Evaluate(ServedFeatures features, ImmutableDictionary<string, double> constants, ScoringResult result)
    {
        var values = new Operand[sources.Length];
        result.Scores.AsSpan(result.Scored).Fill(double.NaN);
        for (var i = result.Scored; i < result.Scores.Length; i++)
        {
            result.ItemFlags[i] |= ItemFlags.NotScored;
        }

        for (var i = 0; i < result.Scored; i++)
        {
            for (var j = 0; j < sources.Length; j++)
            {
                values[j] = sources[j].Kind switch
                {
                    SourceKind.Output => result.Outputs[sources[j].Index][i],
                    SourceKind.Constant => constants.TryGetValue(sources[j].Name, out var given) ? given : Objective.Constants[sources[j].Name],
                    SourceKind.Item => NumberOf(features.Items[i].Span, sources[j].Index),
                    _ => features.Pairs.Length == 0 ? double.NaN : NumberOf(features.Pairs[i].Span, sources[j].Index),
                };
            }

            result.Scores[i] = formula.Evaluate(values);
            result.ItemFlags[i] |= double.IsNaN(result.Scores[i]) ? ItemFlags.NoScore : ItemFlags.None;
        }
    }

    private static Source SourceOf(string name, Objective objective, FeatureSchema schema, ImmutableArray<NamedOutput> outputs)
    {
        var output = outputs.Select(one => one.Name).ToList().IndexOf(name);
        if (output >= 0)
        {
            return new Source(SourceKind.Output, output, name);
        }

        if (objective.Constants.ContainsKey(name))
        {
            return new Source(SourceKind.Constant, 0, name);
        }

        return schema.Find(name) switch
        {
            { Kind: FeatureKind.Numeric, Scope: FeatureScope.Item } feature => new Source(SourceKind.Item, feature.Id, name),
            { Kind: FeatureKind.Numeric, Scope: FeatureScope.Pair } feature => new Source(SourceKind.Pair, feature.Id, name),
            _ => throw new ModelRefusedException(
                $"objective '{objective.Name}' reads '{name}', which is no output, constant or numeric item or pair feature of the model"),
        };
    }

    private static double NumberOf(ReadOnlySpan<byte> record, int featureId)
    {
        var number = double.NaN;
        var reader = new FeatureRecordReader(record);
        while (reader.Read())
        {
            if (reader.FeatureId == featureId)
            {
                var value = reader.Value;
                number = reader.Type switch
                {
                    FeatureValueType.Integer => FeatureRecordReader.TakeInteger(ref value),
                    FeatureValueType.Number => BinaryPrimitives.ReadDoubleLittleEndian(value),
                    _ => double.NaN,
                };
            }
        }

        return number;
    }

    private enum SourceKind
    {
        Output,
        Constant,
        Item,
        Pair,
    }

    private readonly record struct Source(SourceKind Kind, int Index, string Name);
}
