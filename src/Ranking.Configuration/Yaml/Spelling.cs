using System.Text;

namespace Ranking.Configuration;

/// <summary>Names as a job file writes them, and what was likely meant by a wrong one.</summary>
internal static class Spelling
{
    /// <summary><c>AdmitAfter</c> as <c>admit_after</c>, <c>AdamW</c> as <c>adamw</c>.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (var (index, letter) in name.Index())
        {
            text.Append(char.IsUpper(letter) && index > 0 && index < name.Length - 1 ? "_" : "").Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>"use one of …", with the nearest name first where one is near.</summary>
    public static string OneOf(string found, IEnumerable<string> known)
    {
        var names = known.ToList();
        var nearest = names.OrderBy(name => Distance(found, name)).ThenBy(name => name, StringComparer.Ordinal).FirstOrDefault();
        var hint = nearest is not null && Distance(found, nearest) <= Math.Max(1, found.Length / 3) ? $"did you mean '{nearest}'? " : "";
        return names.Count == 0 ? "nothing is declared that could stand here" : $"{hint}use one of {string.Join(", ", names)}";
    }

    // Levenshtein, 1966: insertions, deletions and replacements that turn one word into the other.
    private static int Distance(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
            }

            previous = current;
        }

        return previous[^1];
    }
}
