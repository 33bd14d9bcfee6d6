using System.Text;
using CsCheck;

namespace Ranking.Core.Tests;

public sealed class FeatureRecordTests
{
    private static readonly Gen<object> Value = Gen.OneOf(
        Gen.Long.Select(value => (object)value),
        Gen.Double.Select(value => (object)value),
        Gen.String.Select(value => (object)Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value))),
        Gen.Long.Array[0, 5].Select(value => (object)value),
        Gen.String[Gen.Char.AlphaNumeric, 0, 8].Array[0, 5].Select(value => (object)value));

    [Fact]
    public void Read_WhatWasWritten_IsTheSame() =>
        Gen.Select(Gen.Int[1, int.MaxValue], Value).Array[1, 8].Sample(values =>
        {
            var writer = new FeatureRecordWriter(42);
            foreach (var (id, value) in values)
            {
                Write(writer, id, value);
            }

            Assert.Equal(values.Select(pair => (pair.Item1, pair.Item2)), ReadAll(writer.ToArray()));
        });

    [Fact]
    public void Read_RecordCutAnywhere_SaysSoOrGivesAPrefix() =>
        Gen.Select(Gen.Int[1, 1 << 20], Value).Array[1, 4].Sample(values =>
        {
            var writer = new FeatureRecordWriter(7);
            foreach (var (id, value) in values)
            {
                Write(writer, id, value);
            }

            var whole = writer.ToArray();
            for (var length = FeatureRecordWriter.HeaderLength; length < whole.Length; length++)
            {
                try
                {
                    var read = ReadAll(whole[..length]);
                    Assert.Equal(values.Take(read.Count).Select(pair => (pair.Item1, pair.Item2)), read);
                }
                catch (FormatException)
                {
                }
            }
        });

    [Fact]
    public void Read_AnyBytes_ThrowsNothingButFormatException() =>
        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            byte[] record = [FeatureRecordWriter.FormatVersion, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes];
            try
            {
                var reader = new FeatureRecordReader(record);
                while (reader.Read())
                {
                    Assert.True(reader.Value.Length <= bytes.Length);
                }
            }
            catch (FormatException)
            {
            }
        });

    [Fact]
    public void ReadWeights_OfAWeightedList_AreTheSame()
    {
        var writer = new FeatureRecordWriter(1);
        writer.WriteList(3, ["a", "b"], [0.25f, 4]);
        writer.Write(4, 7L);

        var reader = new FeatureRecordReader(writer.ToArray());
        Assert.True(reader.Read());
        Assert.Equal(FeatureValueType.WeightedTextList, reader.Type);
        Assert.Equal(1 + 2 + 2 + 8, reader.Value.Length);
        Assert.True(reader.Read());
        Assert.Equal(4, reader.FeatureId);
        Assert.False(reader.Read());
    }

    [Fact]
    public void WriteList_AnotherNumberOfWeights_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new FeatureRecordWriter(1).WriteList(3, ["a"], [1f, 2]));

    [Fact]
    public void Read_ValueOfATypeNotKnownYet_IsSkippedByItsLength()
    {
        var writer = new FeatureRecordWriter(1);
        writer.WriteRaw(3, (FeatureValueType)77, [2, 0xFF, 0xFF]);
        writer.Write(4, 7L);

        var reader = new FeatureRecordReader(writer.ToArray());
        Assert.True(reader.Read());
        Assert.Equal((3, 77), (reader.FeatureId, (int)reader.Type));
        Assert.True(reader.Read());
        Assert.Equal(4, reader.FeatureId);
        Assert.False(reader.Read());
    }

    [Fact]
    public void ToArray_NoFeature_IsEmpty() => Assert.Empty(new FeatureRecordWriter(1).ToArray());

    [Fact]
    public void WriteRaw_ValueOfAnotherRecord_IsTheSameValue() =>
        Value.Sample(value =>
        {
            var (from, to) = (new FeatureRecordWriter(1), new FeatureRecordWriter(1));
            Write(from, 9, value);
            var reader = new FeatureRecordReader(from.ToArray());
            Assert.True(reader.Read());
            to.WriteRaw(reader.FeatureId, reader.Type, reader.Value);
            Assert.Equal(from.ToArray(), to.ToArray());
        });

    [Fact]
    public void Read_AnotherFormat_SaysWhich()
    {
        var fault = Assert.Throws<FormatException>(() => ReadAll([9, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Contains("format 9", fault.Message, StringComparison.Ordinal);
    }

    private static void Write(FeatureRecordWriter writer, int id, object value)
    {
        switch (value)
        {
            case long integer:
                writer.Write(id, integer);
                break;
            case double number:
                writer.Write(id, number);
                break;
            case string text:
                writer.Write(id, text);
                break;
            case long[] integers:
                writer.WriteList(id, integers);
                break;
            default:
                writer.WriteList(id, (string[])value);
                break;
        }
    }

    private static List<(int Id, object Value)> ReadAll(byte[] record)
    {
        var values = new List<(int, object)>();
        var reader = new FeatureRecordReader(record);
        while (reader.Read())
        {
            var bytes = reader.Value;
            values.Add((reader.FeatureId, reader.Type switch
            {
                FeatureValueType.Integer => FeatureRecordReader.TakeInteger(ref bytes),
                FeatureValueType.Number => BitConverter.ToDouble(bytes),
                FeatureValueType.Text => Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref bytes)),
                FeatureValueType.IntegerList => TakeIntegers(bytes),
                _ => TakeTexts(bytes),
            }));
        }

        return values;
    }

    private static long[] TakeIntegers(ReadOnlySpan<byte> bytes)
    {
        var values = new long[FeatureRecordReader.TakeVarint(ref bytes)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = FeatureRecordReader.TakeInteger(ref bytes);
        }

        return values;
    }

    private static string[] TakeTexts(ReadOnlySpan<byte> bytes)
    {
        var values = new string[FeatureRecordReader.TakeVarint(ref bytes)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref bytes));
        }

        return values;
    }
}
