namespace Ranking.Learning;

/// <summary>Where and with how many threads a learner runs. Equal settings on equal hardware give equal bits.</summary>
public sealed record LearnerOptions
{
    /// <summary>Threads of a step, 1 to 256; default 2.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>The device of the dense part: <c>cpu</c> (default) or <c>cuda</c>, which needs the CUDA build.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Whether the CPU multiplies by <see cref="MatrixProduct"/> where it can; libtorch otherwise.</summary>
    internal bool UseKernels { get; init; } = true;

    /// <exception cref="ArgumentException">A value is outside its range; the message names every fault.</exception>
    internal void Validate()
    {
        List<string> faults = [];
        if (Threads is < 1 or > 256)
        {
            faults.Add($"threads is {Threads}: set 1 to 256.");
        }

        if (Device is not ("cpu" or "cuda"))
        {
            faults.Add($"device is '{Device}': set 'cpu' or 'cuda'.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults));
        }
    }
}
