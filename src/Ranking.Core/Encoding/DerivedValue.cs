using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>Computes a derived feature from a row's raw values and its event time.</summary>
internal sealed class DerivedValue
{
    private readonly Expression expression;
    private readonly ImmutableArray<int> slots;
    private readonly Operand[] operands;

    public DerivedValue(FeatureSchema schema, string formula)
    {
        expression = Expression.Parse(formula);
        slots = [.. expression.Variables.Select(name => schema.Find(name) is { } read ? schema.SlotOf(read.Id) : -1)];
        operands = new Operand[slots.Length];
    }

    /// <summary>The value; NaN where missing.</summary>
    public double Evaluate(RawRow row, long eventTime)
    {
        for (var i = 0; i < slots.Length; i++)
        {
            operands[i] = slots[i] < 0 ? eventTime : row.OperandOf(slots[i]);
        }

        return expression.Evaluate(operands);
    }
}
