using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>A node of a parsed expression.</summary>
internal abstract record ExpressionNode
{
    public abstract Operand Evaluate(ReadOnlySpan<Operand> values);

    /// <summary>Adds the faults below this node and says its type.</summary>
    public abstract OperandType Check(Func<int, OperandType> typeOf, ImmutableArray<string>.Builder faults);

    protected static void Expect(OperandType expected, OperandType found, string where, ImmutableArray<string>.Builder faults)
    {
        if (expected != found && expected != OperandType.Any && found != OperandType.Any)
        {
            faults.Add($"{where} takes a {expected.ToString().ToLowerInvariant()}, found a {found.ToString().ToLowerInvariant()}");
        }
    }
}

internal sealed record LiteralNode(Operand Value) : ExpressionNode
{
    public override Operand Evaluate(ReadOnlySpan<Operand> values) => Value;

    public override OperandType Check(Func<int, OperandType> typeOf, ImmutableArray<string>.Builder faults) =>
        Value.Text is null ? OperandType.Number : OperandType.Text;
}

internal sealed record VariableNode(int Index) : ExpressionNode
{
    public override Operand Evaluate(ReadOnlySpan<Operand> values) => values[Index];

    public override OperandType Check(Func<int, OperandType> typeOf, ImmutableArray<string>.Builder faults) => typeOf(Index);
}

internal sealed record CallNode(string Name, ExpressionFunction Function, ImmutableArray<ExpressionNode> Arguments) : ExpressionNode
{
    public override Operand Evaluate(ReadOnlySpan<Operand> values)
    {
        var arguments = new Operand[Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Arguments[i].Evaluate(values);
        }

        return Function.Apply(arguments);
    }

    public override OperandType Check(Func<int, OperandType> typeOf, ImmutableArray<string>.Builder faults)
    {
        foreach (var argument in Arguments)
        {
            Expect(Function.Argument, argument.Check(typeOf, faults), $"'{Name}'", faults);
        }

        return OperandType.Number;
    }
}

internal sealed record UnaryNode(char Operator, ExpressionNode Operand) : ExpressionNode
{
    public override Operand Evaluate(ReadOnlySpan<Operand> values)
    {
        var value = Operand.Evaluate(values).Number;
        return Operator == '-' ? -value : double.IsNaN(value) ? value : value == 0 ? 1 : 0;
    }

    public override OperandType Check(Func<int, OperandType> typeOf, ImmutableArray<string>.Builder faults)
    {
        Expect(OperandType.Number, Operand.Check(typeOf, faults), $"'{Operator}'", faults);
        return OperandType.Number;
    }
}

internal sealed record BinaryNode(string Operator, ExpressionNode Left, ExpressionNode Right) : ExpressionNode
{
    public override Operand Evaluate(ReadOnlySpan<Operand> values)
    {
        var left = Left.Evaluate(values);
        var right = Right.Evaluate(values);
        if (Operator is "==" or "!=" && left.Text is not null && right.Text is not null)
        {
            return left.Text == right.Text == (Operator == "==") ? 1 : 0;
        }

        var (a, b) = (left.Number, right.Number);
        return Operator switch
        {
            "&" => a == 0 || b == 0 ? 0 : double.IsNaN(a) || double.IsNaN(b) ? double.NaN : 1,
            "|" => (a != 0 && !double.IsNaN(a)) || (b != 0 && !double.IsNaN(b)) ? 1 : a + b,
            _ when double.IsNaN(a) || double.IsNaN(b) => double.NaN,
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "^" => Math.Pow(a, b),
            "==" => a == b ? 1 : 0,
            "!=" => a != b ? 1 : 0,
            "<" => a < b ? 1 : 0,
            "<=" => a <= b ? 1 : 0,
            ">" => a > b ? 1 : 0,
            _ => a >= b ? 1 : 0,
        };
    }

    public override OperandType Check(Func<int, OperandType> typeOf, ImmutableArray<string>.Builder faults)
    {
        var left = Left.Check(typeOf, faults);
        var right = Right.Check(typeOf, faults);
        if (Operator is not ("==" or "!="))
        {
            Expect(OperandType.Number, left, $"'{Operator}'", faults);
            Expect(OperandType.Number, right, $"'{Operator}'", faults);
        }
        else
        {
            Expect(left, right, $"'{Operator}' after a {left.ToString().ToLowerInvariant()}", faults);
        }

        return OperandType.Number;
    }
}
