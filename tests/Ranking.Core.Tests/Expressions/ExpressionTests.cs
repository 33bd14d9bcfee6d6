using CsCheck;

namespace Ranking.Core.Tests;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("2 ^ 3 ^ 2", 512)]
    [InlineData("-2 ^ 2", -4)]
    [InlineData("10 - 4 - 3", 3)]
    [InlineData("16 / 4 / 2", 2)]
    [InlineData("1 + 1 == 2 & 3 > 2", 1)]
    [InlineData("0 | 0 & 1", 0)]
    [InlineData("1 | 0 & 0", 1)]
    [InlineData("!0 & !(1 == 2)", 1)]
    [InlineData("1 != 1 | 2 <= 2", 1)]
    [InlineData("min(3, 2) + max(1, 5)", 7)]
    [InlineData("if(2 > 1, 10, 20)", 10)]
    [InlineData("1e3 + 2.5e-1 + 600_000", 601000.25)]
    [InlineData("abs(-3) + sqrt(16) + floor(1.9)", 8)]
    [InlineData("'a' == 'a'", 1)]
    [InlineData("'a' != 'a'", 0)]
    [InlineData("exp(log(5))", 5)]
    public void Evaluate_Constants_FollowsPrecedence(string text, double expected) =>
        Assert.Equal(expected, Expression.Parse(text).Evaluate([]), 1e-9);

    [Theory]
    [InlineData("x & 0", 0)]
    [InlineData("0 & x", 0)]
    [InlineData("x & 1", double.NaN)]
    [InlineData("x | 1", 1)]
    [InlineData("1 | x", 1)]
    [InlineData("x | 0", double.NaN)]
    [InlineData("!x", double.NaN)]
    [InlineData("x + 1", double.NaN)]
    [InlineData("x == x", double.NaN)]
    [InlineData("if(x, 1, 2)", double.NaN)]
    [InlineData("min(x, 1)", double.NaN)]
    public void Evaluate_MissingValue_IsMissingUnlessDecided(string text, double expected)
    {
        var expression = Expression.Parse(text);
        Assert.Equal(expected, expression.Evaluate([.. expression.Variables.Select(_ => Operand.Missing)]));
    }

    [Fact]
    public void Evaluate_Or_IsZeroOrOne() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Sample((a, b) => Assert.Equal(
            a != 0 || b != 0 ? 1 : 0, Expression.Parse("a | b").Evaluate([a, b])));

    [Fact]
    public void Evaluate_AnyTime_AgreesWithTheCalendar() =>
        Gen.Long[0, 4_102_444_800_000].Sample(time =>
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(time);
            Assert.Equal(at.Hour, Expression.Parse("hour(t)").Evaluate([time]));
            Assert.Equal((int)at.DayOfWeek, Expression.Parse("weekday(t)").Evaluate([time]));
            Assert.Equal((at - DateTimeOffset.UnixEpoch).Days, Expression.Parse("day(t)").Evaluate([time]));
            Assert.Equal(new DateTimeOffset(at.Date, TimeSpan.Zero).ToUnixTimeMilliseconds(), Expression.Parse("date(d)").Evaluate([Operand.Of($"{at:yyyy-MM-dd}")]));
        });

    [Fact]
    public void Evaluate_Date_OfNoDateIsMissing() => Assert.Equal(double.NaN, Expression.Parse("date(d)").Evaluate([Operand.Of("soon")]));

    [Fact]
    public void Evaluate_TextThatIsANumber_CountsAsBoth()
    {
        Operand cell = new(38, "38");
        Assert.Equal(1, Expression.Parse("c == '38'").Evaluate([cell]));
        Assert.Equal(39, Expression.Parse("c + 1").Evaluate([cell]));
    }

    [Fact]
    public void Variables_InTheOrderOfFirstUse_AreNamedOnce() =>
        Assert.Equal(["b", "a_1", "x.y"], Expression.Parse("b + a_1 * b ^ x.y").Variables);

    [Theory]
    [InlineData("", "ends where")]
    [InlineData("a +", "ends where")]
    [InlineData("(a", "expected")]
    [InlineData("a b", "found 'b' at position 3")]
    [InlineData("1.2.3", "no number")]
    [InlineData("'open", "ends with")]
    [InlineData("huor(a)", "known are abs")]
    [InlineData("min(a)", "takes 2 argument(s), found 1")]
    [InlineData("a $ b", "found '$'")]
    public void Parse_UnreadableText_SaysWhereAndWhat(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ExpressionException>(() => Expression.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_AnyText_ThrowsNothingButExpressionException() =>
        Gen.String[Gen.Char["ab1.e+-*/^&|!=<>(), '_"], 0, 24].Sample(text =>
        {
            try
            {
                var expression = Expression.Parse(text);
                expression.Evaluate(new Operand[expression.Variables.Length]);
            }
            catch (ExpressionException unreadable)
            {
                Assert.NotEmpty(unreadable.Message);
            }
        });

    [Theory]
    [InlineData("n + 1", 0)]
    [InlineData("n == 't'", 1)]
    [InlineData("t + 1", 1)]
    [InlineData("t", 1)]
    [InlineData("t == 'x'", 0)]
    [InlineData("date(n)", 1)]
    [InlineData("date(any) + any", 0)]
    [InlineData("unknown + n", 1)]
    public void Check_AgainstTypes_FindsEachFault(string text, int faults) =>
        Assert.Equal(faults, Expression.Parse(text).Check(name => name switch
        {
            "n" => OperandType.Number,
            "t" => OperandType.Text,
            "any" => OperandType.Any,
            _ => null,
        }).Length);
}
