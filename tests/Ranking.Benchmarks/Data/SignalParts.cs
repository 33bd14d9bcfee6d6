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

    /// <summary>Boosted trees beside the network.</summary>
    Trees,
}

/// <summary>Jobs made of the samples: all of the signal, and all of it but some.</summary>
internal static class SignalParts
{
    private static readonly CrossSpec cross = new(2, 32);
    private static readonly string[] ids = ["user_id", "video_id", "author_id"];

    /// <summary>The job's first network, with cross layers, with the tables of those ids that it leaves out, and its trees.</summary>
    public static JobSpec All(JobSpec signal, JobSpec sequences) => signal with
    {
        Model = signal.Model with
        {
            Tables = [.. signal.Model.Tables.UnionBy(sequences.Model.Tables, table => table.Name)],
            Architecture = signal.Model.Architecture with { Cross = cross, Members = null },
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
        // It is beside statistics that the sample leaves ids out.
        SignalPart.Statistics => model with
        {
            Schema = new(Only(model, feature => !IsStatistic(feature)).Select(feature => feature with { IsInput = feature.IsInput || ids.Contains(feature.Name) })),
            Architecture = model.Architecture with { LeaveOut = null },
            Statistics = [],
        },
        SignalPart.Sequences => model with { Schema = new(Only(model, feature => feature.Kind != FeatureKind.Sequence)), Sequences = [] },
        SignalPart.Ids => model with { Schema = new(model.Schema.Features.Select(WithoutIds)) },
        SignalPart.Cross => model with { Architecture = model.Architecture with { Cross = null } },
        _ => model with { Trees = null },
    };

    private static IEnumerable<Feature> Only(ModelSpec model, Func<Feature, bool> isKept) => model.Schema.Features.Where(isKept);

    private static bool IsStatistic(Feature feature) => feature is { IsStatistic: true, Kind: not FeatureKind.Sequence };

    private static Feature WithoutIds(Feature feature) => feature with
    {
        IsInput = feature.IsInput && !ids.Contains(feature.Name),
        Columns = [.. feature.Columns.Where(column => !ids.Contains(column.Name))],
    };
}
