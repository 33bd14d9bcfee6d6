using System.Collections.Immutable;
using System.Globalization;

namespace Ranking.Core;

/// <summary>Reads an expression by precedence climbing.</summary>
internal sealed class ExpressionParser(string text)
{
    private static readonly string[][] Levels = [["||", "|"], ["&&", "&"], ["==", "!=", "<=", ">=", "<", ">"], ["+", "-"], ["*", "/"]];

    private readonly List<string> variables = [];
    private int position;

    public ImmutableArray<string> Variables => [.. variables];

    public ExpressionNode Parse()
    {
        var node = ParseLevel(0);
        SkipSpace();
        return position == text.Length ? node : throw Unexpected("an operator or the end");
    }

    private ExpressionNode ParseLevel(int level)
    {
        if (level == Levels.Length)
        {
            return ParseUnary();
        }

        var left = ParseLevel(level + 1);
        while (Levels[level].FirstOrDefault(Take) is { } found)
        {
            left = new BinaryNode(found is "||" or "&&" ? found[..1] : found, left, ParseLevel(level + 1));
        }

        return left;
    }

    private ExpressionNode ParseUnary()
    {
        foreach (var sign in "-!")
        {
            if (Take(sign.ToString()))
            {
                return new UnaryNode(sign, ParseUnary());
            }
        }

        var operand = ParseOperand();
        return Take("^") ? new BinaryNode("^", operand, ParseUnary()) : operand;
    }

    private ExpressionNode ParseOperand()
    {
        SkipSpace();
        if (position == text.Length)
        {
            throw Unexpected("a name, a number, a text or '('");
        }

        var first = text[position];
        if (Take("("))
        {
            var inner = ParseLevel(0);
            return Take(")") ? inner : throw Unexpected("')'");
        }

        if (first == '\'')
        {
            var end = text.IndexOf('\'', position + 1);
            var literal = end < 0 ? throw Unexpected("a text that ends with \"'\"") : text[(position + 1)..end];
            position = end + 1;
            return new LiteralNode(Operand.Of(literal));
        }

        return char.IsAsciiDigit(first) || first == '.' ? ParseNumber()
            : char.IsLetter(first) || first == '_' ? ParseName()
            : throw Unexpected("a name, a number, a text or '('");
    }

    private LiteralNode ParseNumber()
    {
        var start = position;
        while (position < text.Length && (char.IsAsciiDigit(text[position]) || text[position] is '.' or '_' or 'e' or 'E'
            || (text[position] is '+' or '-' && text[position - 1] is 'e' or 'E')))
        {
            position++;
        }

        return double.TryParse(text[start..position].Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new LiteralNode(number)
            : throw new ExpressionException($"'{text[start..position]}' at position {start + 1} of '{text}' is no number");
    }

    private ExpressionNode ParseName()
    {
        var start = position;
        while (position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] is '_' or '.'))
        {
            position++;
        }

        var name = text[start..position];
        if (!Take("("))
        {
            if (!variables.Contains(name))
            {
                variables.Add(name);
            }

            return new VariableNode(variables.IndexOf(name));
        }

        if (!ExpressionFunctions.ByName.TryGetValue(name, out var function))
        {
            throw new ExpressionException(
                $"'{name}' at position {start + 1} of '{text}' is no function: known are {string.Join(", ", ExpressionFunctions.ByName.Keys.Order())}");
        }

        return new CallNode(name, function, ParseArguments(name, function.Arity));
    }

    private ImmutableArray<ExpressionNode> ParseArguments(string name, int arity)
    {
        var arguments = ImmutableArray.CreateBuilder<ExpressionNode>();
        do
        {
            arguments.Add(ParseLevel(0));
        }
        while (Take(","));

        return !Take(")") ? throw Unexpected("',' or ')'")
            : arguments.Count == arity ? arguments.ToImmutable()
            : throw new ExpressionException($"'{name}' in '{text}' takes {arity} argument(s), found {arguments.Count}");
    }

    private bool Take(string symbol)
    {
        SkipSpace();
        if (string.CompareOrdinal(text, position, symbol, 0, symbol.Length) != 0
            || (symbol == "!" && position + 1 < text.Length && text[position + 1] == '='))
        {
            return false;
        }

        position += symbol.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
    }

    private ExpressionException Unexpected(string expected) => new(
        position < text.Length
            ? $"found '{text[position]}' at position {position + 1} of '{text}', expected {expected}"
            : $"'{text}' ends where {expected} is expected");
}
