namespace Ranking.Models;

/// <summary>Builds the scoring graph that a specification asks for.</summary>
public static class Architecture
{
    /// <summary>The model's graph.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="only">One of its networks, to have that alone, as it stands in the whole; null for all, and the trees.</param>
    public static ScoringGraph Build(ModelSpec spec, int? only = null)
    {
        var graph = new GraphBuilder(spec);
        foreach (var (number, network) in spec.Architecture.Networks.Index().Where(network => (only ?? network.Index) == network.Index))
        {
            graph.Begin(network, number == 0 ? "" : $"~{number}");
            graph.End(network.Kind switch
            {
                ArchitectureKind.SingleTask => SingleTask.Build(graph),
                ArchitectureKind.SharedBottom => SharedBottom.Build(graph),
                _ => Mmoe.Build(graph),
            });
        }

        if (only is null && spec.Trees is not null)
        {
            graph.AddTrees();
        }

        return graph.Build();
    }
}
