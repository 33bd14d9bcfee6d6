namespace Ranking.Inference;

/// <summary>One scope's part of a dense layer for some rows.</summary>
/// <remarks>
/// y[r, j] = prior[r, j] + (…fma(x[r, 1], w[1, j], fma(x[r, 0], w[0, j], 0))…), then + bias[j], then the activation. Lanes
/// run across outputs, and rows are taken several at a time, so that a loaded weight serves all of them: neither changes the
/// order in which an output's terms are added.
/// </remarks>
internal readonly unsafe ref struct DenseKernel
{
    private const int RowsAside = 48;

    /// <summary>[rows, inputs], or one row for all where <see cref="InputStride"/> is 0.</summary>
    public required ReadOnlySpan<float> Input { get; init; }

    /// <summary>Numbers from one row of the input to the next.</summary>
    public required int InputStride { get; init; }

    /// <summary>The weights, and the bias with the last part.</summary>
    public required PackedWeights Weights { get; init; }

    /// <summary>The sum of the parts before, [rows, outputs], or one row where <see cref="PriorStride"/> is 0; empty for the first.</summary>
    public required ReadOnlySpan<float> Prior { get; init; }

    /// <summary>Numbers from one row of the prior to the next.</summary>
    public required int PriorStride { get; init; }

    /// <summary>Whether the last part ends in a ReLU.</summary>
    public required bool IsRelu { get; init; }

    /// <summary>The weights that are read after these; null where they are not known.</summary>
    public PackedWeights? Next { get; init; }

    /// <summary>Writes [rows, outputs].</summary>
    public void Run(Span<float> output, int rows)
    {
        var zeros = stackalloc float[2 * (int)VectorWidth.Bits512];
        fixed (float* x = Input, prior = Prior, y = output)
        {
            foreach (var panel in Weights.Panels)
            {
                var before = Prior.IsEmpty ? zeros : prior + panel.Column;
                var stride = Prior.IsEmpty ? 0 : PriorStride;
                if (panel.Columns == panel.Width)
                {
                    Run(TileOf(panel, zeros, stride, Weights.Outputs), panel, x, before, y + panel.Column, rows);
                    continue;
                }

                for (var row = 0; row < rows; row += RowsAside)
                {
                    RunAside(panel, zeros, x + ((nint)row * InputStride), before + ((nint)row * stride), stride,
                        y + ((nint)row * Weights.Outputs) + panel.Column, Math.Min(RowsAside, rows - row));
                }
            }
        }
    }

    // The output has fewer columns than the panel: what lies beyond them is the next row's, and so it is with the prior.
    private void RunAside(WeightPanel panel, float* zeros, float* x, float* prior, int priorStride, float* y, int rows)
    {
        var before = stackalloc float[RowsAside * panel.Width];
        var sums = stackalloc float[RowsAside * panel.Width];
        Copy(prior, priorStride, before, panel.Width, panel.Columns, rows);
        Run(TileOf(panel, zeros, panel.Width, panel.Width), panel, x, before, sums, rows);
        Copy(sums, panel.Width, y, Weights.Outputs, panel.Columns, rows);
    }

    private static void Copy(float* from, nint fromStride, float* to, nint toStride, int columns, int rows)
    {
        for (var row = 0; row < rows; row++, from += fromStride, to += toStride)
        {
            for (var column = 0; column < columns; column++)
            {
                to[column] = from[column];
            }
        }
    }

    private DenseTile TileOf(WeightPanel panel, float* zeros, nint priorStride, nint outputStride) => new()
    {
        Inputs = Weights.Inputs,
        InputStride = InputStride,
        Panel = Weights.At(panel),
        Bias = Weights.HasBias ? Weights.At(panel) + ((nint)Weights.Inputs * panel.Width) : zeros,
        PriorStride = priorStride,
        OutputStride = outputStride,
        Floor = Weights.HasBias && IsRelu ? 0 : float.NegativeInfinity,
        Next = Weights.After(panel, Next),
    };

    private static void Run(in DenseTile tile, WeightPanel panel, float* x, float* prior, float* y, int rows)
    {
        switch (panel)
        {
            case { Lanes: 16, Vectors: 2 }:
                DenseTile.Pair<Lanes16>(tile, x, prior, y, rows);
                break;
            case { Lanes: 8, Vectors: 2 }:
                DenseTile.Pair<Lanes8>(tile, x, prior, y, rows);
                break;
            case { Lanes: 4, Vectors: 2 }:
                DenseTile.Pair<Lanes4>(tile, x, prior, y, rows);
                break;
            case { Vectors: 2 }:
                DenseTile.Pair<Lanes1>(tile, x, prior, y, rows);
                break;
            case { Lanes: 16 }:
                DenseTile.Single<Lanes16>(tile, x, prior, y, rows);
                break;
            case { Lanes: 8 }:
                DenseTile.Single<Lanes8>(tile, x, prior, y, rows);
                break;
            case { Lanes: 4 }:
                DenseTile.Single<Lanes4>(tile, x, prior, y, rows);
                break;
            default:
                DenseTile.Single<Lanes1>(tile, x, prior, y, rows);
                break;
        }
    }
}
