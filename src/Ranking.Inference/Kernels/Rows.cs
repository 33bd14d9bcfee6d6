using System.Runtime.CompilerServices;

namespace Ranking.Inference;

/// <summary>A row of an embedding table in the numbers that it is stored in, apart from its scale.</summary>
internal interface IRow
{
    /// <summary>Its numbers from one on.</summary>
    /// <param name="row">The first; where it is not of floats, it lies outside the managed heap.</param>
    /// <param name="number">The one.</param>
    static abstract TLanes Load<TLanes>(ref byte row, nuint number)
        where TLanes : struct, ILanes<TLanes>;
}

/// <summary>In 32 bits.</summary>
internal readonly struct RowOfFloats : IRow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(ref byte row, nuint number)
        where TLanes : struct, ILanes<TLanes> => TLanes.Load(ref Unsafe.As<byte, float>(ref row), number);
}

/// <summary>In 16 bits.</summary>
internal readonly unsafe struct RowOfHalves : IRow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(ref byte row, nuint number)
        where TLanes : struct, ILanes<TLanes> => default(TLanes).AddHalves((ushort*)Unsafe.AsPointer(ref row) + number);
}

/// <summary>In 8 bits.</summary>
internal readonly unsafe struct RowOfIntegers : IRow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(ref byte row, nuint number)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadIntegers((sbyte*)Unsafe.AsPointer(ref row) + number);
}
