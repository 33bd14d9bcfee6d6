using CsCheck;

namespace Ranking.Models.Tests;

public sealed class RowCodecTests
{
    private const float SmallestHalf = 6.1035156e-5f;

    private static readonly Gen<float[]> Rows = Gen.OneOf(Gen.Float[-4, 4], Gen.Float[-1e-4f, 1e-4f], Gen.Float[-65_504, 65_504], Gen.Const(0f)).Array[0, 40];

    [Fact]
    public void Read_OfWhatWasWritten_IsTheRowIn32Bits() => Rows.Sample(row => Assert.Equal(row, Through(RowPrecision.Float32, row)));

    [Fact]
    public void Read_OfWhatWasWritten_IsWithinHalfAStepOf11BitsIn16() => Rows.Sample(row => Assert.All(
        row.Zip(Through(RowPrecision.Float16, row)),
        number => Assert.InRange(number.Second, number.First - StepOfHalf(number.First), number.First + StepOfHalf(number.First))));

    [Fact]
    public void Read_OfWhatWasWritten_IsWithinHalfAStepOfTheLargestBy127In8() => Rows.Sample(row =>
    {
        var step = row.Select(MathF.Abs).Append(0).Max() / 127 * 0.5001f;
        Assert.All(row.Zip(Through(RowPrecision.Int8, row)), number => Assert.InRange(number.Second, number.First - step, number.First + step));
    });

    [Fact]
    public void Write_NumbersTooSmallForTheirScale_KeepTheirSign() => Gen.Int[-2_000, 2_000].Array[1, 20].Sample(row =>
    {
        var read = Through(RowPrecision.Int8, [.. row.Select(number => number * float.Epsilon)]);
        Assert.All(row.Zip(read), number => Assert.True(number.First * number.Second >= 0, $"{number.First} became {number.Second}"));
    });

    [Theory]
    [InlineData(RowPrecision.Float32, 64)]
    [InlineData(RowPrecision.Float16, 32)]
    [InlineData(RowPrecision.Int8, 20)]
    public void LengthOf_ARowOf16_IsItsBytes(RowPrecision precision, int expected) => Assert.Equal(expected, RowCodec.LengthOf(precision, 16));

    [Fact]
    public void Write_WhatA16BitNumberHasNot_IsTheNearestOfItsNormalOnesOrNone() =>
        Assert.Equal([65_504, -65_504, 0, 0, SmallestHalf], Through(RowPrecision.Float16, [1e6f, -1e9f, 6e-5f, -1e-30f, SmallestHalf]));

    private static float StepOfHalf(float number) => MathF.Abs(number) < SmallestHalf ? SmallestHalf : MathF.Abs(number) / 2047;

    private static float[] Through(RowPrecision precision, float[] row)
    {
        var (bytes, read) = (new byte[RowCodec.LengthOf(precision, row.Length)], new float[row.Length]);
        RowCodec.Write(precision, row, bytes);
        RowCodec.Read(precision, bytes, read);
        return read;
    }
}
