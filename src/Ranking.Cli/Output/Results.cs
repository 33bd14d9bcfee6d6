using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Ranking.Cli;

/// <summary>Writes results as a table or as JSON.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
    };

    /// <summary>Writes rows: as JSON what they are, as a table their cells under headings.</summary>
    public static void Write<T>(ParseResult parsed, OutputFormat format, IReadOnlyList<T> rows, params (string Heading, Func<T, string> Cell)[] columns)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(parsed, rows);
            return;
        }

        var table = new Table().Border(TableBorder.Simple);
        foreach (var (heading, _) in columns)
        {
            table.AddColumn(Markup.Escape(heading));
        }

        foreach (var row in rows)
        {
            table.AddRow([.. columns.Select(column => Markup.Escape(column.Cell(row)))]);
        }

        Console(parsed.InvocationConfiguration.Output).Write(table);
    }

    /// <summary>Writes one value as JSON.</summary>
    public static void WriteJson<T>(ParseResult parsed, T value) =>
        parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Writes what was done: as JSON its facts, else a line.</summary>
    public static void WriteDone<T>(ParseResult parsed, string line, T facts)
    {
        if (IsJson(parsed))
        {
            WriteJson(parsed, facts);
        }
        else
        {
            parsed.InvocationConfiguration.Output.WriteLine(line);
        }
    }

    /// <summary>Whether the command line asks for JSON.</summary>
    public static bool IsJson(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.OfType<Option<OutputFormat>>().Any(output => parsed.GetValue(output) == OutputFormat.Json);

    /// <summary>A console on a writer, plain where that is no terminal.</summary>
    public static IAnsiConsole Console(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
