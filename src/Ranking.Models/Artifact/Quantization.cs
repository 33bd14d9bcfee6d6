using System.Collections.Immutable;

namespace Ranking.Models;

/// <summary>
/// What scoring in fewer bits than were learned in takes beside the weights. An input x of a layer in 8 bits is the integer round(255 · min(x, r) / r),
/// r its layer's range; a weight is one of −127 … 127 times its output's scale, the largest of that output's weights by
/// 127 (affine quantisation with a zero point of 0, per output: Jacob et al., Quantization and Training of Neural Networks
/// for Efficient Integer-Arithmetic-Only Inference, CVPR 2018, § 2.1). Products are added up in integers, exactly: the
/// bits of a score are the same everywhere, as in 32 bits.
/// </summary>
/// <param name="Ranges">By the name of a layer's weights, the largest input that examples of the log gave it; empty where no layer is in 8 bits.</param>
/// <param name="Tolerance">How far a golden probability may be from the learner's; a logit four times as far, relatively above 1.</param>
public sealed record Quantization(ImmutableSortedDictionary<string, float> Ranges, float Tolerance);
