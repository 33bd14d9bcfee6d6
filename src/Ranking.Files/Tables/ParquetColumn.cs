using Parquet;
using Parquet.Schema;

namespace Ranking.Files;

/// <summary>Reads one column of a row group as table values.</summary>
internal static class ParquetColumn
{
    public static TableValue[] Read(ParquetRowGroupReader rows, DataField field, int count, string path)
    {
        var type = Nullable.GetUnderlyingType(field.ClrType) ?? field.ClrType;
        return type == typeof(string) || type == typeof(ReadOnlyMemory<char>) ? ReadTexts(rows, field, count)
            : type == typeof(long) ? Read<long>(rows, field, count, TableValue.Of)
            : type == typeof(int) ? Read<int>(rows, field, count, value => TableValue.Of((long)value))
            : type == typeof(short) ? Read<short>(rows, field, count, value => TableValue.Of((long)value))
            : type == typeof(sbyte) ? Read<sbyte>(rows, field, count, value => TableValue.Of((long)value))
            : type == typeof(byte) ? Read<byte>(rows, field, count, value => TableValue.Of((long)value))
            : type == typeof(ushort) ? Read<ushort>(rows, field, count, value => TableValue.Of((long)value))
            : type == typeof(uint) ? Read<uint>(rows, field, count, value => TableValue.Of((long)value))
            : type == typeof(float) ? Read<float>(rows, field, count, value => TableValue.Of((double)value))
            : type == typeof(double) ? Read<double>(rows, field, count, TableValue.Of)
            : type == typeof(decimal) ? Read<decimal>(rows, field, count, value => TableValue.Of((double)value))
            : type == typeof(bool) ? Read<bool>(rows, field, count, value => TableValue.Of(value ? 1L : 0L))
            : type == typeof(DateTime) ? Read<DateTime>(rows, field, count, value => TableValue.Of(value.ToString("O")))
            : throw new TableException($"{path}: the column '{field.Name}' is of type {type.Name}; write it as text, integer, number, boolean or timestamp.");
    }

    private static TableValue[] ReadTexts(ParquetRowGroupReader rows, DataField field, int count)
    {
        var texts = new string?[count];
        rows.ReadAsync(field, texts.AsMemory()).AsTask().GetAwaiter().GetResult();
        return Array.ConvertAll(texts, TableValue.Of);
    }

    private static TableValue[] Read<T>(ParquetRowGroupReader rows, DataField field, int count, Func<T, TableValue> convert)
        where T : struct
    {
        if (!field.IsNullable)
        {
            var values = new T[count];
            rows.ReadAsync(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
            return Array.ConvertAll(values, value => convert(value));
        }

        var optional = new T?[count];
        rows.ReadAsync(field, optional.AsMemory()).AsTask().GetAwaiter().GetResult();
        return Array.ConvertAll(optional, value => value is { } present ? convert(present) : default);
    }
}
