using System.Runtime.Intrinsics;

namespace Ranking.Inference;

/// <summary>The widest vectors that kernels use; scores have the same bits with any.</summary>
internal enum VectorWidth
{
    Scalar = 1,
    Bits128 = 4,
    Bits256 = 8,
    Bits512 = 16,
}

/// <summary>What this machine has.</summary>
internal static class Machine
{
    public static VectorWidth Widest =>
        Vector512.IsHardwareAccelerated ? VectorWidth.Bits512
        : Vector256.IsHardwareAccelerated ? VectorWidth.Bits256
        : Vector128.IsHardwareAccelerated ? VectorWidth.Bits128
        : VectorWidth.Scalar;
}
