namespace Ranking.Models;

/// <summary>Builds the scoring graph that a specification asks for.</summary>
public static class Architecture
{
    /// <summary>The model's graph.</summary>
    public static ScoringGraph Build(ModelSpec spec)
    {
        var graph = new GraphBuilder(spec);
        foreach (var (number, network) in spec.Architecture.Networks.Index())
        {
            graph.Begin(network, number == 0 ? "" : $"~{number}");
            graph.End(network.Kind switch
            {
                ArchitectureKind.SingleTask => SingleTask.Build(graph),
                ArchitectureKind.SharedBottom => SharedBottom.Build(graph),
                _ => Mmoe.Build(graph),
            });
        }

        return graph.Build();
    }
}
