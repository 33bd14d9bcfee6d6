namespace Ranking.Inference;

/// <summary>
/// Lets values whose lives do not overlap stand in the same memory, the last one freed first: what a layer writes then falls
/// on what is in the caches still, and nothing that is dead is written back from them.
/// </summary>
internal static class BufferSharing
{
    /// <summary>[buffers] which memory each stands in.</summary>
    /// <param name="steps">The steps of a block of candidates, in order. What others write is left where it is.</param>
    /// <param name="outputs">What is read after the last step.</param>
    /// <param name="buffers">How many buffers there are.</param>
    public static int[] Of(IReadOnlyList<Step> steps, IEnumerable<ValueSlot> outputs, int buffers)
    {
        var lastRead = new int[buffers];
        foreach (var (number, step) in steps.Index())
        {
            // What nobody reads is free once it is written.
            foreach (var target in step.Targets)
            {
                lastRead[target.Buffer] = number;
            }

            foreach (var read in step.Reads)
            {
                lastRead[read.Buffer] = number;
            }
        }

        foreach (var output in outputs)
        {
            lastRead[output.Buffer] = steps.Count;
        }

        int[] memory = [.. Enumerable.Range(0, buffers)];
        var free = new Stack<int>();
        var ending = steps.SelectMany(step => step.Targets).Select(target => target.Buffer).ToLookup(buffer => lastRead[buffer]);
        foreach (var (number, step) in steps.Index())
        {
            foreach (var target in step.Targets)
            {
                memory[target.Buffer] = free.TryPop(out var reused) ? reused : target.Buffer;
            }

            // Only now: a step does not write over what it reads.
            foreach (var buffer in ending[number])
            {
                free.Push(memory[buffer]);
            }
        }

        return memory;
    }
}
