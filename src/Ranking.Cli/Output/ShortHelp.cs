using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ranking.Cli;

/// <summary>Help that says of each subcommand what it does, and leaves the rest to the subcommand's own help.</summary>
internal sealed class ShortHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        foreach (var command in parseResult.CommandResult.Command.Subcommands)
        {
            command.Description = Head(command.Description!.ReplaceLineEndings(" "));
        }

        return help.Invoke(parseResult);
    }

    // To the end of the first sentence, or to where it begins to enumerate.
    private static string Head(string text) => text.Split([". ", ": "], 2, StringSplitOptions.None)[0].TrimEnd('.') + ".";
}
