using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ranking.Files;

namespace Ranking.Cli;

/// <summary>Writes a job file for what data seem to be, each line with the reason in a comment.</summary>
internal sealed class JobDraft(SourceDraft draft, string folder)
{
    private readonly StringBuilder text = new();

    /// <summary>The file's text.</summary>
    /// <param name="draft">What the data seem to be.</param>
    /// <param name="folder">The folder that the file will stand in, which its paths begin at.</param>
    public static string Write(SourceDraft draft, string folder) => new JobDraft(draft, Path.GetFullPath(folder)).Write();

    private string Write()
    {
        Line("# A draft that ranking init made of the data: read the reasons, mend what is wrong, then try");
        Line("# `ranking validate --data` and `ranking train`.");
        foreach (var doubt in draft.Doubts)
        {
            Line($"# To decide: {doubt}.");
        }

        Line($"name: {NameOf(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(draft.Log.Path))!), "job")}");
        WriteSources();
        Line("embedding: {dim: 8, admit_after: 2} # an id has a row of its own from its second sighting on");
        var features = new FeatureLines(draft);
        Line("features:");
        features.Lines.ForEach(line => Line($"  {line}"));
        WriteTasks();
        WriteRest();
        StatisticsProposal.Lines(draft, features.Names).ForEach(Line);
        return text.ToString();
    }

    private void WriteSources()
    {
        Line("sources:");
        Line($"  log: # {draft.Log.Reason}");
        Line($"    path: {PathOf(draft.Log)}");
        Role("user", ColumnRole.UserId);
        Role("item", ColumnRole.ItemId);
        Role("position", ColumnRole.Position);
        Line(draft.Time.Column is { } time
            ? $"    time: {{column: {Quote(time)}, unit: {draft.Time.Unit.ToString().ToLowerInvariant()}}} # {draft.Time.Reason}"
            : $"    time: {{start: 2020-01-01T00:00:00Z, step: 1s}} # {draft.Time.Reason}");
        if (!draft.Split.Train.IsEmpty)
        {
            Line($"    split: {{column: {Quote(draft.Log.Find(ColumnRole.Split)!.Name)}, train: {List(draft.Split.Train)}, validate: {List(draft.Split.Validate)}, test: {List(draft.Split.Test)}}}");
        }

        Line("    outcomes: # after: milliseconds from the impression; a number is a guess, a formula of columns may say it");
        foreach (var outcome in draft.Outcomes)
        {
            Line($"      {(outcome.IsTask ? "" : "# ")}{outcome.Name}: {{when: {Quote(outcome.When)}, after: {Quote(outcome.After)}}} # {outcome.Share.ToString("P1", CultureInfo.InvariantCulture)} of the rows{(outcome.Reason.Length == 0 ? "" : $"; {outcome.Reason}")}");
        }

        foreach (var (key, table) in new[] { ("users", draft.Users), ("items", draft.Items) }.Where(each => each.Item2 is not null))
        {
            Line($"  {key}: {{path: {PathOf(table!)}, id: {Quote(table!.Id!)}}} # {table.Reason}");
        }
    }

    private void Role(string key, ColumnRole role)
    {
        if (draft.Log.Find(role) is { } column)
        {
            Line($"    {key}: {Quote(column.Name)} # {column.Reason}");
        }
    }

    private void WriteTasks()
    {
        Line("tasks: # window: how long after the impression an outcome counts; no label is learned before it has passed");
        foreach (var outcome in draft.Outcomes)
        {
            var given = outcome.Given is null ? "" : $", given: {outcome.Given}";
            Line($"  {(outcome.IsTask ? "" : "# ")}{outcome.Name}: {{outcome: {outcome.Name}{given}, window: 10m}}");
        }
    }

    private void WriteRest()
    {
        var tasks = draft.Outcomes.Where(outcome => outcome.IsTask).ToList();
        Line(tasks.Exists(task => task.Given is not null) ? "model: {architecture: esmm, over: mmoe, experts: 4, expert: [128, 64], tower: [64], dropout: 0.1}"
            : tasks.Count > 1 ? "model: {architecture: mmoe, experts: 4, expert: [128, 64], tower: [64], dropout: 0.1}"
            : "model: {architecture: shared_bottom, bottom: [128, 64], tower: [64], dropout: 0.1}");
        Line("objectives: # the first is the default");
        foreach (var task in tasks.OrderByDescending(task => task.Given is not null))
        {
            Line($"  {task.Name}: {{formula: {(task.Given is null ? task.Name : $"{task.Name}_joint")}}}");
        }

        Line("training: {batch_size: 512, learning_rate: 0.001, epochs: 1} # ids are overfitted soon: compare before giving more epochs");
        Line("store: {path: store}");
    }

    private void Line(string line) => text.Append(line).Append('\n');

    private string PathOf(TableDraft table) => Quote(Path.GetRelativePath(folder, Path.GetFullPath(table.Path)).Replace('\\', '/'));

    private static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Quote))}]";

    /// <summary>A name of letters, digits and '_', made of another.</summary>
    public static string NameOf(string name, string prefix)
    {
        var safe = Regex.Replace(name, "[^A-Za-z0-9_]+", "_");
        return char.IsAsciiLetter(safe.FirstOrDefault()) ? safe : $"{prefix}_{safe}";
    }

    /// <summary>A value as YAML has it in a flow mapping: plain where it can be taken for nothing but a text.</summary>
    public static string Quote(string value) => Regex.IsMatch(value, @"^(?!(true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][\w./-]*( [&*] [A-Za-z0-9_]+)*$|^[0-9]+$|^\.\.?/[\w./-]+$", RegexOptions.IgnoreCase)
        ? value : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
