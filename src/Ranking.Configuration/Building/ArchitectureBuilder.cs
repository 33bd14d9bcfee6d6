using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>Makes the networks' shapes.</summary>
internal sealed class ArchitectureBuilder(
    JobDocument document, IReadOnlyList<Feature> features, ImmutableArray<EmbeddingTableSpec> tables, FaultList faults)
{
    private static readonly ArchitectureSpec Defaults = new() { Kind = ArchitectureKind.SharedBottom };

    /// <summary>The shape; null where no network is named.</summary>
    public ArchitectureSpec? Build()
    {
        if (document.Model is not { } model || faults.HasAt("model.architecture"))
        {
            return null;
        }

        var first = Make(model, "model");
        ImmutableArray<ArchitectureSpec> members = [.. model.Members.Select((member, number) => Make(member, $"model.members[{number}]"))];
        foreach (var (number, _) in members.Index().Where(member => member.Item.EntireSpace != first.EntireSpace))
        {
            faults.Add($"model.members[{number}].architecture", first.EntireSpace ? "a network beside esmm that is none" : "'esmm' beside a network that is none",
                "name esmm for all, or for none: they learn from the same impressions");
        }

        return members.IsEmpty ? first : first with { Members = members };
    }

    private ArchitectureSpec Make(NetworkSection network, string path)
    {
        var entireSpace = network.Architecture == ArchitectureName.Esmm;
        var kind = network.Architecture switch
        {
            ArchitectureName.SingleTask => ArchitectureKind.SingleTask,
            ArchitectureName.SharedBottom => ArchitectureKind.SharedBottom,
            ArchitectureName.Mmoe => ArchitectureKind.Mmoe,
            _ => network.Over ?? ArchitectureKind.SharedBottom,
        };
        Check(entireSpace || network.Over is null, "over", "a network beneath one that has none", "set architecture: esmm, or leave it out");
        Check(!entireSpace || (document.Tasks ?? []).Values.Any(task => task.Given is not null), "architecture", "'esmm' without a conditional task",
            "give a task its parent (given: …), or name another network");
        Check(kind == ArchitectureKind.Mmoe || (network.Experts ?? (object?)network.Expert) is null, "experts", "experts in a network without any", "leave experts and expert out, or name mmoe");
        Check(kind != ArchitectureKind.Mmoe || network.Bottom is null, "bottom", "a bottom in mmoe, which has none", "leave it out: expert has the widths");
        Check(!network.Fm || HasPairs(network), "fm", "a factorisation machine without two embeddings of one dimension", "give two features the same dim, or leave it out");
        foreach (var (key, value) in new[] { ("epochs", network.Epochs), ("batch_size", network.BatchSize) })
        {
            Check(value is null || document.Training.Epochs > 1, key, $"{key} of one network in a model that learns each example once", "set training.epochs to 2 or more, or leave it out");
        }

        var tasks = document.Tasks ?? [];
        foreach (var name in network.LossWeights.Keys.Where(name => !tasks.ContainsKey(name)))
        {
            Check(false, "loss_weights", $"'{name}', which is no task", Spelling.OneOf(name, tasks.Keys));
        }

        return new ArchitectureSpec
        {
            Kind = kind,
            EntireSpace = entireSpace,
            Bottom = network.Bottom?.ToImmutableArray() ?? Defaults.Bottom,
            Experts = network.Experts ?? Defaults.Experts,
            Expert = network.Expert?.ToImmutableArray() ?? Defaults.Expert,
            Tower = network.Tower?.ToImmutableArray() ?? Defaults.Tower,
            Dropout = network.Dropout,
            DenseInit = network.DenseInit,
            LossWeights = network.LossWeights.Count == 0 ? null : [.. tasks.Select(task => network.LossWeights.GetValueOrDefault(task.Key, task.Value.LossWeight))],
            Epochs = network.Epochs,
            BatchSize = network.BatchSize,
            FeatureGate = network.FeatureGate is { } gate ? new FeatureGateSpec(gate.Reduction) : null,
            Factorization = network.Fm,
            Cross = network.Cross is { } cross ? new CrossSpec(cross.Layers, cross.Rank) : null,
            LeaveOut = LeftOut.Of(network.LeaveOut, features, $"{path}.leave_out", faults),
        };

        void Check(bool holds, string key, string found, string fix)
        {
            if (!holds)
            {
                faults.Add($"{path}.{key}", found, fix);
            }
        }
    }

    private bool HasPairs(NetworkSection network) => features
        .Where(feature => feature is { IsInput: true, Kind: not FeatureKind.Sequence } && !LeftOut.Names(network.LeaveOut, feature.Name))
        .Where(feature => feature.IsEmbedded || feature.Embedding?.Dimension is not null)
        .GroupBy(feature => feature.Embedding?.Dimension ?? tables.First(table => table.Name == feature.Table).Dimension)
        .Any(group => group.Count() > 1);
}
