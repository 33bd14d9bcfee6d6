using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Reads what stands in the entries of statistics: keys, events, rates, windows.</summary>
internal sealed partial class StatisticFormulas(JobDocument document, IReadOnlyList<DeclaredFeature> features, FaultList faults)
{
    private const string Everything = "all";

    /// <summary>The features of a key.</summary>
    public ImmutableArray<int> Key(string text, string path)
    {
        if (text.Trim() == Everything)
        {
            return [];
        }

        var key = ImmutableArray.CreateBuilder<int>();
        foreach (var name in text.Split('*').Select(part => part.Trim()))
        {
            if (features.FirstOrDefault(one => one.Feature.Name == name)?.Feature is { IsEmbedded: true, TrainOnly: false } feature)
            {
                key.Add(feature.Id);
            }
            else
            {
                faults.Add(path, $"'{name}', which is no categorical feature that serving knows", Spelling.OneOf(name, features
                    .Where(one => one.Feature is { IsEmbedded: true, TrainOnly: false }).Select(one => one.Feature.Name).Append(Everything)));
            }
        }

        return key.ToImmutable();
    }

    /// <summary>The places of keys among those that stand under by; −1, noted, where one is not there.</summary>
    public IReadOnlyList<int> Places(IEnumerable<string> texts, List<(string Text, ImmutableArray<int> Key)> keys, string path)
    {
        var places = texts.Select(text => (Text: text, Place: keys.FindIndex(by => by.Text.Trim() == text.Trim()))).ToList();
        foreach (var (text, _) in places.Where(each => each.Place < 0))
        {
            faults.Add(path, $"'{text}', which does not stand under by", Spelling.OneOf(text, keys.Select(by => by.Text)));
        }

        return places.ConvertAll(each => each.Place);
    }

    /// <summary>Whether the name is an event's; noted where not.</summary>
    public bool IsEvent(string name, string path, bool carriesNumber = false)
    {
        var outcomes = document.Sources?.Log?.Outcomes;
        if (carriesNumber && outcomes?.GetValueOrDefault(name) is { Value: null })
        {
            faults.Add(path, $"'{name}', which carries no number", $"add value: under sources.log.outcomes.{name}");
            return false;
        }

        var known = outcomes?.Keys ?? document.Tasks?.Values.Select(task => task.Outcome) ?? [];
        if ((name == StatisticSpec.Impression && !carriesNumber) || known.Contains(name) || outcomes is null)
        {
            return true;
        }

        faults.Add(path, $"'{name}', which is no event", Spelling.OneOf(name, known.Append(StatisticSpec.Impression)));
        return false;
    }

    /// <summary>An event among others, as in <c>click / impression</c>; null where there are faults.</summary>
    public (string Event, string Among)? Rate(string text, string path)
    {
        var parts = text.Split('/').Select(part => part.Trim()).ToArray();
        if (parts.Length != 2)
        {
            faults.Add(path, $"'{text}'", "write it as click / impression");
            return null;
        }

        return IsEvent(parts[0], path) & IsEvent(parts[1], path) ? (parts[0], parts[1]) : null;
    }

    /// <summary>An event and the number that it must carry more than, as in <c>play > 7000</c>; null where there are faults.</summary>
    public (string Event, double Above)? Share(string text, string path)
    {
        var parts = text.Split('>').Select(part => part.Trim()).ToArray();
        if (parts.Length != 2 || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var above))
        {
            faults.Add(path, $"'{text}'", "write it as play > 7000");
            return null;
        }

        return IsEvent(parts[0], path, carriesNumber: true) ? (parts[0], above) : null;
    }

    /// <summary>The windows, each with its name in features' names.</summary>
    public IReadOnlyList<(string Name, StatisticWindow Window)> Windows(IReadOnlyList<string> texts, string path)
    {
        List<(string, StatisticWindow)> windows = [];
        foreach (var text in texts)
        {
            var match = Window().Match(text.Trim());
            var length = match.Success && match.Groups[2].Success ? ScalarReader.ReadDuration(match.Groups[2].Value) : TimeSpan.Zero;
            if (!match.Success || length is null || (length == TimeSpan.Zero) != (match.Groups[1].Value == "ever"))
            {
                faults.Add(path, $"'{text}'", "write ever, decay 7d, tumbling 1d or sliding 1h");
                continue;
            }

            var kind = Enum.Parse<WindowKind>(match.Groups[1].Value, ignoreCase: true);
            windows.Add((kind switch { WindowKind.Ever => "", WindowKind.Decay => match.Groups[2].Value, _ => $"{match.Groups[1].Value}_{match.Groups[2].Value}" }, new(kind, length.Value)));
        }

        return windows;
    }

    /// <summary>A measure's part of its feature's name.</summary>
    public string NameOf(StatisticSpec spec) => spec.Kind switch
    {
        StatisticKind.Count => $"{spec.Event}s",
        StatisticKind.Rate => $"{spec.Event}_rate{Of(spec)}",
        StatisticKind.RateError => $"{spec.Event}_error{Of(spec)}",
        StatisticKind.Logistic or StatisticKind.LogisticWeight => $"logistic.{spec.Event}{Of(spec)}",
        StatisticKind.LogisticDeviation => $"logistic.{spec.Event}{Of(spec)}.deviation",
        StatisticKind.Share => string.Create(CultureInfo.InvariantCulture, $"{spec.Event}_above_{spec.Above}"),
        StatisticKind.Last => $"{spec.Event}_last{Of(spec)}_{spec.Argument + 1}",
        StatisticKind.Distinct => $"distinct_{features.First(one => one.Feature.Id == spec.Argument).Feature.Name}",
        _ => $"{spec.Event}_{Spelling.Snake(spec.Kind.ToString())}",
    };

    private static string Of(StatisticSpec spec) => spec.Among == StatisticSpec.Impression ? "" : $"_of_{spec.Among}";

    [GeneratedRegex(@"^(ever|decay|tumbling|sliding)(?:\s+(\S+))?$")]
    private static partial Regex Window();
}
