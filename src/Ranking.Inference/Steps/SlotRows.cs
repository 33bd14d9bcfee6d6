namespace Ranking.Inference;

/// <summary>Where a value's rows stand while a block is worked on: one after another, or, the items' own, anywhere.</summary>
/// <param name="first">The first row.</param>
/// <param name="stride">Numbers from one row to the next; 0 where one row stands for all.</param>
/// <param name="items">Where each candidate's item stands; null where the rows are not the items'.</param>
/// <param name="offset">Where the value begins in an item's numbers.</param>
internal readonly unsafe struct SlotRows(float* first, int stride, nint* items, int offset)
{
    /// <summary>Where a row begins.</summary>
    public float* this[int row] => items == null ? first + ((long)row * stride) : (float*)items[row] + offset;
}
