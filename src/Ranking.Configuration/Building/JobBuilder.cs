using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>Makes the job from its document, and notes what does not fit together.</summary>
internal sealed class JobBuilder(JobDocument document, string folder, FaultList faults)
{
    /// <summary>The job; null where there are faults.</summary>
    public JobSpec? Build()
    {
        CheckName("name", document.Name);
        var nameSpace = document.Namespace ?? document.Name;
        CheckName("namespace", document.Namespace);
        CheckName("topics.namespace", document.Topics.Namespace);
        var features = new FeatureBuilder(document, faults).Build();
        var statistics = new StatisticBuilder(document, features, faults).Build();
        var sequences = new SequenceBuilder(document, features, statistics.Select(one => one.Feature), faults).Build();
        var tasks = new TaskBuilder(document, faults).Build();
        var sources = new SourceBuilder(document, features, folder, faults).Build();
        var objectives = new ObjectiveBuilder(document, features, faults).Build();
        var tables = new TableBuilder(document, features, [.. sequences.Select(one => one.Feature)], faults);
        tables.Check();
        Feature[] all = [.. features.Select(one => one.Feature), .. statistics.Select(one => one.Feature), .. sequences.Select(one => one.Feature)];
        var architecture = new ArchitectureBuilder(document, all, tables.Build(), faults).Build();
        TreesCheck.Run(document, all, faults);
        FreezeCheck.Run(document, faults);
        DeltaCheck.Run(document, faults);
        var calibration = new CalibrationBuilder(document, features, faults).Build();
        if (!faults.IsEmpty)
        {
            return null;
        }

        var store = Path.GetFullPath(document.Store.Path, folder);
        return new JobSpec
        {
            Namespace = nameSpace,
            Model = new ModelSpec
            {
                Name = document.Name,
                Schema = new FeatureSchema([.. features.Select(WithEntityId), .. statistics.Select(one => one.Feature), .. sequences.Select(one => one.Feature)]),
                Statistics = [.. statistics.Select(one => one.Spec)],
                Sequences = [.. sequences.Select(one => one.Spec)],
                Tables = tables.Build(),
                Tasks = tasks!,
                Architecture = architecture!,
                Trees = document.Model!.Trees,
                Precision = document.Model.Precision,
                Objectives = objectives,
                Calibration = calibration,
                Training = document.Training,
            },
            Join = document.Join,
            Sources = sources,
            Topics = new TopicSpec(document.Topics.Namespace ?? nameSpace, document.Topics.Partitions, document.Topics.Retention),
            Store = new StoreSpec(store, Path.GetFullPath(document.Store.Checkpoints ?? Path.Combine(store, "..", "checkpoints", document.Name), folder), document.Store.Keep),
        };
    }

    // The feature that reads the very column by which rows name their user or item.
    private Feature WithEntityId(DeclaredFeature declared)
    {
        var column = declared.Entry.Column ?? declared.Feature.Name;
        var named = declared.Feature.Scope switch
        {
            FeatureScope.User => document.Sources?.Log.User,
            FeatureScope.Item => document.Sources?.Log.Item,
            _ => null,
        };
        return declared.Feature with { IsEntityId = declared.Feature is { Kind: FeatureKind.Categorical, Derived: null } && column == named };
    }

    // Names become folders, topics and keys.
    private void CheckName(string path, string? name)
    {
        if (name is not null && (name.Length is 0 or > 64 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
        {
            faults.Add(path, $"'{name}'", "give 1 to 64 letters, digits, '-' or '_'");
        }
    }
}
