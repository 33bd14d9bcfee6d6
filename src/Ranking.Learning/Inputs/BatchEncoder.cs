using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Learning;

/// <summary>Encodes batches, each scope of features by an encoder of its own, at the same time.</summary>
internal sealed class BatchEncoder(FeatureSchema schema, ImmutableArray<NumericTransform> transforms, bool serving, ThreadTeam threads)
{
    private readonly ImmutableArray<FeatureEncoder> encoders =
        [.. Enum.GetValues<FeatureScope>().Select(_ => new FeatureEncoder(schema, transforms, serving))];

    private Example[] examples = [];

    /// <summary>What the last <see cref="Encode"/> wrote.</summary>
    public EncodedBatch Batch { get; } = new(schema);

    /// <summary>Encodes the examples, in their order.</summary>
    public void Encode(ReadOnlySpan<Example> batch)
    {
        // A span cannot go to other threads.
        var count = batch.Length;
        examples = examples.Length < count ? new Example[count] : examples;
        batch.CopyTo(examples);
        Batch.Clear();
        threads.For(encoders.Length, scope => encoders[scope].Encode(Batch, (FeatureScope)scope, examples.AsSpan(0, count)));
    }
}
