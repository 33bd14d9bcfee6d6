using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>A model with those inputs alone that a graph of it reads: what one of several networks leaves out is not encoded for it.</summary>
internal static class NetworkInputs
{
    public static ModelSpec Of(ModelSpec spec, ScoringGraph graph)
    {
        var read = graph.Nodes.Select(FeatureOf).ToHashSet();
        return spec with { Schema = new FeatureSchema(spec.Schema.Features.Select(feature => feature with { IsInput = feature.IsInput && read.Contains(feature.Id) })) };
    }

    private static int FeatureOf(GraphNode node) => node switch
    {
        EmbedNode embed => embed.FeatureId,
        NumberNode number => number.FeatureId,
        PiecewiseNode piecewise => piecewise.FeatureId,
        SequenceNode sequence => sequence.Sequence,
        CalibrationNode calibration => calibration.FeatureId,
        _ => 0,
    };
}
