using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>
/// A formula over named values, as labels, derived features and objectives are declared:
/// <c>is_click &amp; long_view</c>, <c>hour(event_time)</c>, <c>ctr * cvr ^ 0.5 * price</c>.
/// </summary>
/// <remarks>
/// Operators, loosest first: <c>|</c>, <c>&amp;</c>, comparisons, <c>+ −</c>, <c>* /</c>, unary <c>− !</c>, <c>^</c>.
/// Functions: <see cref="ExpressionFunctions"/>. A missing number makes the result missing, except that
/// <c>&amp;</c> with a false side is false and <c>|</c> with a true side is true.
/// </remarks>
public sealed class Expression
{
    private readonly ExpressionNode root;

    private Expression(string text, ExpressionNode root, ImmutableArray<string> variables)
    {
        Text = text;
        this.root = root;
        Variables = variables;
    }

    /// <summary>The formula as it was given.</summary>
    public string Text { get; }

    /// <summary>The names that it reads, in the order of their first use.</summary>
    public ImmutableArray<string> Variables { get; }

    /// <summary>Reads a formula.</summary>
    /// <exception cref="ExpressionException">It cannot be read.</exception>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text);
        return new Expression(text, parser.Parse(), parser.Variables);
    }

    /// <summary>Everything wrong with the formula given what its names stand for (null: no such name).</summary>
    public ImmutableArray<string> Check(Func<string, OperandType?> typeOf)
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var name in Variables.Where(name => typeOf(name) is null))
        {
            faults.Add($"'{name}' in '{Text}' is not known here");
        }

        if (faults.Count == 0 && root.Check(index => typeOf(Variables[index])!.Value, faults) == OperandType.Text)
        {
            faults.Add($"'{Text}' is a text; a number or a comparison is expected");
        }

        return faults.ToImmutable();
    }

    /// <summary>The formula's value; NaN where missing.</summary>
    /// <param name="values">One value for each of <see cref="Variables"/>.</param>
    public double Evaluate(ReadOnlySpan<Operand> values) => root.Evaluate(values).Number;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
