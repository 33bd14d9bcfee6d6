using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>The entries of a batch's sequences, ragged: those of an example after those of the one before.</summary>
/// <param name="values">[entries, width].</param>
/// <param name="offsets">[examples + 1] borders of the examples' entries.</param>
/// <param name="threads">Those of our own loops on the CPU; null where libtorch computes.</param>
internal sealed class Entries(Tensor values, int[] offsets, ThreadTeam? threads)
{
    private readonly int examples = offsets.Length - 1;
    private readonly int longest = Enumerable.Range(0, offsets.Length - 1).Max(example => offsets[example + 1] - offsets[example]);

    /// <summary>[entries, width].</summary>
    public Tensor Values => values;

    /// <summary>[entries, width] of [examples, width]: each example's row for each of its entries.</summary>
    public Tensor Repeat(Tensor rows) => threads is null
        ? rows.unsqueeze(1).expand(examples, longest, -1).reshape(examples * longest, -1).index_select(0, Places())
        : RaggedFunction.Apply(threads, rows, offsets, isSum: false);

    /// <summary>[examples, width] of [entries, width]: the sum of each example's entries; 0 without any.</summary>
    public Tensor Sum(Tensor entries) => threads is null
        ? zeros([examples * longest, entries.shape[1]], device: entries.device).index_copy(0, Places(), entries).view(examples, longest, -1).sum([1L])
        : RaggedFunction.Apply(threads, entries, offsets, isSum: true);

    // Where each entry stands when every example has as many: no two at one place, so that no order decides a sum.
    private Tensor Places() => tensor(
        Enumerable.Range(0, examples).SelectMany(example => Enumerable.Range(0, offsets[example + 1] - offsets[example]).Select(at => ((long)example * longest) + at)).ToArray())
        .to(values.device);
}
