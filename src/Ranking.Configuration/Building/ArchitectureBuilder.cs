using System.Collections.Immutable;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>Makes the network's shape.</summary>
internal sealed class ArchitectureBuilder(
    JobDocument document, IReadOnlyList<DeclaredFeature> features, ImmutableArray<EmbeddingTableSpec> tables, FaultList faults)
{
    private static readonly ArchitectureSpec Defaults = new() { Kind = ArchitectureKind.SharedBottom };

    /// <summary>The shape; null where no network is named.</summary>
    public ArchitectureSpec? Build()
    {
        if (document.Model is not { } model || faults.HasAt("model.architecture"))
        {
            return null;
        }

        var entireSpace = model.Architecture == ArchitectureName.Esmm;
        var kind = model.Architecture switch
        {
            ArchitectureName.SingleTask => ArchitectureKind.SingleTask,
            ArchitectureName.SharedBottom => ArchitectureKind.SharedBottom,
            ArchitectureName.Mmoe => ArchitectureKind.Mmoe,
            _ => model.Over ?? ArchitectureKind.SharedBottom,
        };
        Check(entireSpace || model.Over is null, "over", "a network beneath one that has none", "set architecture: esmm, or leave it out");
        Check(!entireSpace || (document.Tasks ?? []).Values.Any(task => task.Given is not null), "architecture", "'esmm' without a conditional task",
            "give a task its parent (given: …), or name another network");
        Check(kind == ArchitectureKind.Mmoe || (model.Experts ?? (object?)model.Expert) is null, "experts", "experts in a network without any", "leave experts and expert out, or name mmoe");
        Check(kind != ArchitectureKind.Mmoe || model.Bottom is null, "bottom", "a bottom in mmoe, which has none", "leave it out: expert has the widths");
        Check(!model.Fm || HasPairs(), "fm", "a factorisation machine without two embeddings of one dimension", "give two features the same dim, or leave it out");
        foreach (var name in model.LeaveOut.Where(name => features.All(one => one.Feature.Name != name)))
        {
            Check(false, "leave_out", $"'{name}', which is no feature", Spelling.OneOf(name, features.Select(one => one.Feature.Name)));
        }

        return new ArchitectureSpec
        {
            Kind = kind,
            EntireSpace = entireSpace,
            Bottom = model.Bottom?.ToImmutableArray() ?? Defaults.Bottom,
            Experts = model.Experts ?? Defaults.Experts,
            Expert = model.Expert?.ToImmutableArray() ?? Defaults.Expert,
            Tower = model.Tower?.ToImmutableArray() ?? Defaults.Tower,
            Dropout = model.Dropout,
            FeatureGate = model.FeatureGate is { } gate ? new FeatureGateSpec(gate.Reduction) : null,
            Factorization = model.Fm,
            Cross = model.Cross is { } cross ? new CrossSpec(cross.Layers, cross.Rank) : null,
        };
    }

    private bool HasPairs() => features
        .Where(one => one.Feature is { IsInput: true, IsAttendedOnly: false } && (one.Feature.IsEmbedded || one.Feature.Embedding?.Dimension is not null))
        .GroupBy(one => one.Feature.Embedding?.Dimension ?? tables.First(table => table.Name == one.Feature.Table).Dimension)
        .Any(group => group.Count() > 1);

    private void Check(bool holds, string key, string found, string fix)
    {
        if (!holds)
        {
            faults.Add($"model.{key}", found, fix);
        }
    }
}
