namespace Ranking.Core;

/// <summary>A value in an expression: a number (NaN is missing; true is 1, false is 0) or a text.</summary>
public readonly record struct Operand(double Number, string? Text)
{
    /// <summary>No value.</summary>
    public static Operand Missing { get; } = new(double.NaN, null);

    /// <summary>A number.</summary>
    public static implicit operator Operand(double number) => new(number, null);

    /// <summary>A text.</summary>
    public static Operand Of(string text) => new(double.NaN, text);

    /// <summary>Whether there is no value.</summary>
    public bool IsMissing => Text is null && double.IsNaN(Number);
}

/// <summary>What a name in an expression stands for.</summary>
public enum OperandType
{
    /// <summary>A number or a truth value.</summary>
    Number,

    /// <summary>A text, which can only be compared for equality.</summary>
    Text,

    /// <summary>Either, as only the data tells; it is taken for what its place in the expression asks for.</summary>
    Any,
}

/// <summary>An expression that cannot be read; the message says where, what was found and what was expected.</summary>
public sealed class ExpressionException(string message) : Exception(message);
