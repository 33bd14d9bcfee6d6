using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>Equal matrices in memory: number (m, r, c) at <c>Numbers + m · MemberStride + r · RowStride + c · ColumnStride</c>.</summary>
internal readonly unsafe record struct MatrixView(
    nint Numbers, int Members, int Rows, int Columns, nint MemberStride, nint RowStride, nint ColumnStride)
{
    /// <summary>With rows and columns exchanged; nothing is moved.</summary>
    public MatrixView Transposed => this with { Rows = Columns, Columns = Rows, RowStride = ColumnStride, ColumnStride = RowStride };

    /// <summary>How far behind each number its mask stands, in numbers: where that is not above 0, the number counts as 0. 0: no mask.</summary>
    public nint MaskDistance { get; init; }

    /// <summary>This gradient by the output of a ReLU as that by its input, without a copy.</summary>
    /// <param name="output">The ReLU's output, laid out as this is.</param>
    public MatrixView WhereAboveZero(MatrixView output) => this with { MaskDistance = (output.Numbers - Numbers) / sizeof(float) };

    /// <summary>Where a number stands.</summary>
    public float* At(int member, int row, int column) =>
        (float*)Numbers + (member * MemberStride) + (row * RowStride) + (column * ColumnStride);

    /// <summary>The numbers of a tensor on the CPU; valid as long as the tensor is.</summary>
    /// <param name="tensor">[rows, columns] or [members, rows, columns], with rows or columns contiguous.</param>
    public static MatrixView Of(Tensor tensor)
    {
        using var storage = tensor.storage<float>();
        var numbers = storage.data_ptr() + ((nint)tensor.storage_offset() * sizeof(float));
        var (shape, strides) = (tensor.shape, tensor.stride());
        return shape.Length == 2
            ? new MatrixView(numbers, 1, (int)shape[0], (int)shape[1], 0, (nint)strides[0], (nint)strides[1])
            : new MatrixView(numbers, (int)shape[0], (int)shape[1], (int)shape[2], (nint)strides[0], (nint)strides[1], (nint)strides[2]);
    }
}
