using System.Text;
using CsCheck;

namespace Ranking.Core.Tests;

public sealed class SequenceTests
{
    private static readonly Gen<object?> Cell = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Long.Select(value => (object?)value),
        Gen.Double.Select(value => (object?)value),
        Gen.String[Gen.Char.AlphaNumeric, 0, 8].Select(value => (object?)value));

    private static readonly Gen<(int Columns, object?[] Cells)> Sequence =
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 5]).SelectMany((entries, columns) => Cell.Array[entries * columns].Select(cells => (columns, cells)));

    [Fact]
    public void Read_WhatWasWritten_IsTheSameAmongOtherValues() =>
        Sequence.Sample(sequence =>
        {
            var reader = new FeatureRecordReader(Write(sequence.Columns, sequence.Cells));
            Assert.True(reader.Read());
            Assert.True(reader.Read());
            Assert.Equal((9, FeatureValueType.Sequence), (reader.FeatureId, reader.Type));
            Assert.Equal(sequence.Cells, ReadAll(reader.Value));
            Assert.Equal(sequence.Cells.Length / sequence.Columns, new SequenceReader(reader.Value).Entries);
            Assert.True(reader.Read());
            Assert.Equal(10, reader.FeatureId);
            Assert.False(reader.Read());
        });

    [Fact]
    public void Read_AnyBytes_ThrowsNothingButFormatException() =>
        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            try
            {
                Assert.True(ReadAll([(byte)bytes.Length, .. bytes]).Count <= bytes.Length);
            }
            catch (FormatException)
            {
            }
        });

    [Theory]
    [InlineData(new byte[] { 2, 5, 1 })]
    [InlineData(new byte[] { 4, 1, 1, 2, 9 })]
    [InlineData(new byte[] { 11, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1 })]
    public void Read_FewerCellsThanCounted_SaysSo(byte[] value) =>
        Assert.Throws<FormatException>(() => ReadAll(value));

    private static byte[] Write(int columns, object?[] values)
    {
        var cells = new SequenceCells();
        foreach (var value in values)
        {
            switch (value)
            {
                case null:
                    cells.AddMissing();
                    break;
                case long integer:
                    cells.Add(integer);
                    break;
                case double number:
                    cells.Add(number);
                    break;
                default:
                    cells.Add((string)value);
                    break;
            }
        }

        var writer = new FeatureRecordWriter(1);
        writer.Write(8, "before");
        writer.WriteSequence(9, values.Length / columns, columns, cells.Written);
        writer.Write(10, 1L);
        return writer.ToArray();
    }

    private static List<object?> ReadAll(ReadOnlySpan<byte> value)
    {
        var reader = new SequenceReader(value);
        var cells = new List<object?>();
        for (var i = 0; i < reader.Entries * reader.Columns; i++)
        {
            reader.Read();
            var bytes = reader.Value;
            cells.Add(reader.Type switch
            {
                0 => null,
                FeatureValueType.Integer => FeatureRecordReader.TakeInteger(ref bytes),
                FeatureValueType.Number => BitConverter.ToDouble(bytes),
                _ => Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref bytes)),
            });
        }

        return cells;
    }
}
