using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ranking.Cli;

/// <summary>What is wrong with a command line, each fault with option, value and fix.</summary>
internal static class UsageFaults
{
    /// <summary>All faults, one a line, and where to read on.</summary>
    public static string Describe(ParseResult parsed) => string.Join('\n', parsed.Errors.Select(Describe).Append($"'{NameOf(parsed.CommandResult)} --help' shows usage and examples."));

    // The library would name types of the runtime.
    private static string Describe(ParseError fault) => fault switch
    {
        { SymbolResult: OptionResult { Tokens: [.., var given], Option: var option } } when IsConversion(fault) => $"{option.Name} is '{given.Value}': give {Describe(option.ValueType)}.",
        { SymbolResult: ArgumentResult { Tokens: [.., var given], Argument: var argument } } when IsConversion(fault) => $"{argument.Name} is '{given.Value}': give {Describe(argument.ValueType)}.",
        _ => fault.Message,
    };

    private static bool IsConversion(ParseError fault) => fault.Message.StartsWith("Cannot parse", StringComparison.Ordinal);

    private static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } names => string.Join(" or ", Enum.GetNames(names)).ToLowerInvariant(),
        var time when time == typeof(DateTimeOffset) => "a time, such as 2026-05-05T00:00:00Z",
        var number when number == typeof(double) => "a number",
        _ => "a whole number",
    };

    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "ranking";
}
