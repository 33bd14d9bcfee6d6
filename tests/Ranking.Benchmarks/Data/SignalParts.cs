using Ranking.Configuration;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Benchmarks;

/// <summary>A part of the signal that a job can be without.</summary>
internal enum SignalPart
{
    /// <summary>Counts, rates and times of past events.</summary>
    Statistics,

    /// <summary>The user's past impressions, attended to.</summary>
    Sequences,

    /// <summary>User, video and author as inputs, in sequences too; statistics by them stay.</summary>
    Ids,

    /// <summary>Cross layers.</summary>
    Cross,
}

/// <summary>Jobs made of the samples: all of the signal, and all of it but some.</summary>
internal static class SignalParts
{
    private static readonly CrossSpec cross = new(2, 32);
    private static readonly string[] ids = ["user_id", "video_id", "author_id"];

    /// <summary>The statistics and the settings of one job, the sequences and the ids' tables of another, and cross layers.</summary>
    public static JobSpec All(JobSpec signal, JobSpec sequences) => signal with
    {
        Sources = WithOutcomes(signal.Sources!, signal.Sources!.Log.Outcomes, sequences.Sources!.Log.Outcomes),
        Model = signal.Model with
        {
            Schema = new(signal.Model.Schema.Features
                .Select(feature => ids.Contains(feature.Name) ? feature with { IsInput = true } : feature)
                .UnionBy(sequences.Model.Schema.Features.Where(feature => feature.IsInput), feature => feature.Id)),
            Tables = [.. sequences.Model.Tables.UnionBy(signal.Model.Tables, table => table.Name)],
            Sequences = sequences.Model.Sequences,
            Architecture = signal.Model.Architecture with { Cross = cross },
        },
    };

    /// <summary>A job without some of its parts.</summary>
    public static JobSpec Without(JobSpec job, params IEnumerable<SignalPart> parts) =>
        job with { Model = parts.Aggregate(job.Model, (model, part) => Without(model, part)) };

    /// <summary>A job with the conversions, and the tasks' weights, of another.</summary>
    public static JobSpec WithTasks(JobSpec job, JobSpec other) => job with
    {
        Sources = WithOutcomes(job.Sources!, other.Sources!.Log.Outcomes, job.Sources!.Log.Outcomes),
        Model = job.Model with { Tasks = other.Model.Tasks },
    };

    // Of two outcomes of one name, the first counts.
    private static SourceSpec WithOutcomes(SourceSpec sources, IEnumerable<OutcomeSpec> first, IEnumerable<OutcomeSpec> second) =>
        sources with { Log = sources.Log with { Outcomes = [.. first.UnionBy(second, outcome => outcome.Name)] } };

    private static ModelSpec Without(ModelSpec model, SignalPart part) => part switch
    {
        SignalPart.Statistics => model with { Schema = Only(model, feature => !IsStatistic(feature)), Statistics = [] },
        SignalPart.Sequences => model with { Schema = Only(model, feature => feature.Kind != FeatureKind.Sequence), Sequences = [] },
        SignalPart.Ids => model with { Schema = new(model.Schema.Features.Select(WithoutIds)) },
        _ => model with { Architecture = model.Architecture with { Cross = null } },
    };

    private static FeatureSchema Only(ModelSpec model, Func<Feature, bool> isKept) => new(model.Schema.Features.Where(isKept));

    private static bool IsStatistic(Feature feature) => feature is { IsStatistic: true, Kind: not FeatureKind.Sequence };

    private static Feature WithoutIds(Feature feature) => feature with
    {
        IsInput = feature.IsInput && !ids.Contains(feature.Name),
        Columns = [.. feature.Columns.Where(column => !ids.Contains(column.Name))],
    };
}
