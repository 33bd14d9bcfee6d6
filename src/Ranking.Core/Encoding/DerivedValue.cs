using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>What formulas know of a row beside its raw values.</summary>
/// <param name="EventTime">When it happened, Unix milliseconds: <c>event_time</c>.</param>
/// <param name="Position">Where the item was shown, from 0: <c>position</c>. Null where that is not known, as before a request is answered.</param>
internal readonly record struct RowFacts(long EventTime, int? Position);

/// <summary>Computes a derived feature from a row's raw values and facts.</summary>
internal sealed class DerivedValue
{
    private const int EventTime = -1, Position = -2;

    private readonly Expression expression;
    private readonly ImmutableArray<int> slots;
    private readonly Operand[] operands;

    public DerivedValue(FeatureSchema schema, string formula)
    {
        expression = Expression.Parse(formula);
        slots = [.. expression.Variables.Select(name => name switch
        {
            Feature.EventTimeFact => EventTime,
            Feature.PositionFact => Position,
            _ => schema.SlotOf(schema.Find(name)!.Id),
        })];
        operands = new Operand[slots.Length];
    }

    /// <summary>The features that it reads.</summary>
    public IEnumerable<int> Slots => slots.Where(slot => slot >= 0);

    /// <summary>Whether it reads anything beside them.</summary>
    public bool ReadsFacts => slots.Any(slot => slot < 0);

    /// <summary>The value; NaN where missing.</summary>
    public double Evaluate(RawRow row, RowFacts facts)
    {
        for (var i = 0; i < slots.Length; i++)
        {
            operands[i] = slots[i] switch
            {
                EventTime => facts.EventTime,
                Position => facts.Position ?? double.NaN,
                var slot => row.OperandOf(slot),
            };
        }

        return expression.Evaluate(operands);
    }
}
