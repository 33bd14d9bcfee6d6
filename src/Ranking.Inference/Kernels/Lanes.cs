using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>
/// Numbers that are worked on side by side. Every operation is exact or rounded once, so each lane's bits are those of
/// scalar code.
/// </summary>
/// <remarks>Inlined by demand: one that is left as a call in a kernel makes it spill its sums, at more than twice the time.</remarks>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf Load(ref float source, nuint offset);

    /// <summary>this + numbers that <see cref="Halves.Store"/> wrote.</summary>
    unsafe TSelf AddHalves(ushort* source);

    /// <summary>The numbers that integers of 8 bits are.</summary>
    static abstract unsafe TSelf LoadIntegers(sbyte* source);

    static abstract TSelf All(float value);

    /// <summary>a · b + this, rounded once.</summary>
    TSelf AddProduct(TSelf a, TSelf b);

    TSelf Add(TSelf other);

    /// <summary>The floor where below it; a NaN stays one.</summary>
    TSelf AtLeast(float floor);

    void Store(ref float target, nuint offset);
}

/// <summary>One number.</summary>
internal readonly struct Lanes1(float value) : ILanes<Lanes1>
{
    private readonly float value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(ref float source, nuint offset) => new(Unsafe.Add(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe Lanes1 AddHalves(ushort* source) => new(value + Halves.Of(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Lanes1 LoadIntegers(sbyte* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 All(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes1 AddProduct(Lanes1 a, Lanes1 b) => new(MathF.FusedMultiplyAdd(a.value, b.value, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes1 Add(Lanes1 other) => new(value + other.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes1 AtLeast(float floor) => value < floor ? new(floor) : this;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target, nuint offset) => Unsafe.Add(ref target, offset) = value;
}

/// <summary>Four numbers.</summary>
internal readonly struct Lanes4(Vector128<float> value) : ILanes<Lanes4>
{
    private readonly Vector128<float> value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Load(ref float source, nuint offset) => new(Vector128.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe Lanes4 AddHalves(ushort* source) => new(Vector128.FusedMultiplyAdd(
        ((Vector128.WidenLower(Vector64.Load((short*)source).ToVector128Unsafe()) << Halves.Shift) & Vector128.Create(Halves.Bits)).AsSingle(), Vector128.Create(Halves.Scale), value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Lanes4 LoadIntegers(sbyte* source) =>
        new(Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<int>(source)).AsSByte()))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 All(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes4 AddProduct(Lanes4 a, Lanes4 b) => new(Vector128.FusedMultiplyAdd(a.value, b.value, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes4 Add(Lanes4 other) => new(value + other.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes4 AtLeast(float floor) => new(Vector128.ConditionalSelect(Vector128.LessThan(value, Vector128.Create(floor)), Vector128.Create(floor), value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target, nuint offset) => value.StoreUnsafe(ref target, offset);
}

/// <summary>Eight numbers.</summary>
internal readonly struct Lanes8(Vector256<float> value) : ILanes<Lanes8>
{
    private readonly Vector256<float> value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(ref float source, nuint offset) => new(Vector256.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe Lanes8 AddHalves(ushort* source) => new(Halves.AddTo(value, source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Lanes8 LoadIntegers(sbyte* source) => new(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 All(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes8 AddProduct(Lanes8 a, Lanes8 b) => new(Vector256.FusedMultiplyAdd(a.value, b.value, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes8 Add(Lanes8 other) => new(value + other.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes8 AtLeast(float floor) => new(Vector256.ConditionalSelect(Vector256.LessThan(value, Vector256.Create(floor)), Vector256.Create(floor), value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target, nuint offset) => value.StoreUnsafe(ref target, offset);
}

/// <summary>Sixteen numbers.</summary>
internal readonly struct Lanes16(Vector512<float> value) : ILanes<Lanes16>
{
    private readonly Vector512<float> value = value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load(ref float source, nuint offset) => new(Vector512.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe Lanes16 AddHalves(ushort* source) => new(Halves.AddTo(value, source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Lanes16 LoadIntegers(sbyte* source) => new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes16 AddProduct(Lanes16 a, Lanes16 b) => new(Vector512.FusedMultiplyAdd(a.value, b.value, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes16 Add(Lanes16 other) => new(value + other.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes16 AtLeast(float floor) => new(Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512.Create(floor)), Vector512.Create(floor), value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target, nuint offset) => value.StoreUnsafe(ref target, offset);
}
