using System.Buffers.Binary;
using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>An objective over the judged outputs, with its constants' defaults.</summary>
internal sealed class ObjectiveFormula
{
    private readonly Expression formula;
    private readonly ImmutableArray<(int Output, double Constant, Feature? Feature)> sources;

    public ObjectiveFormula(Objective objective, FeatureSchema schema, ImmutableArray<JudgedOutput> outputs)
    {
        Objective = objective;
        formula = Expression.Parse(objective.Formula);
        var names = outputs.Select(output => output.Name).ToList();
        sources = [.. formula.Variables.Select(name => (names.IndexOf(name), objective.Constants.GetValueOrDefault(name), schema.Find(name)))];
        Outputs = [.. sources.Where(source => source.Output >= 0).Select(source => source.Output)];
    }

    public Objective Objective { get; }

    /// <summary>Which of the judged outputs it reads.</summary>
    public ImmutableArray<int> Outputs { get; }

    /// <summary>The value for an impression; NaN where a feature that the formula reads is missing.</summary>
    public float Evaluate(Example example, Func<int, double> valueOfOutput)
    {
        var values = new Operand[sources.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (output, constant, feature) = sources[i];
            values[i] = output >= 0 ? valueOfOutput(output)
                : Objective.Constants.ContainsKey(formula.Variables[i]) ? constant : NumberOf(example, feature!);
        }

        return (float)formula.Evaluate(values);
    }

    private static double NumberOf(Example example, Feature feature)
    {
        var number = double.NaN;
        var reader = new FeatureRecordReader(example.Features.Of(feature.Scope).Span);
        while (reader.Read())
        {
            if (reader.FeatureId == feature.Id)
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
}
