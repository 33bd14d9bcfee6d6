namespace Ranking.Learning;

/// <summary>A table's rows and sightings with their numbers, free ones too: the sweep goes on where it was.</summary>
internal static class TableFile
{
    public static void Write(EmbeddingTable table, BinaryWriter writer)
    {
        writer.Write(table.Name);
        writer.Write(table.Cursor.Rows);
        writer.Write(table.Cursor.Sightings);
        Write(table.Rows, writer);
        Write(table.Sightings, writer);
    }

    public static void Read(EmbeddingTable table, BinaryReader reader)
    {
        var name = reader.ReadString();
        if (name != table.Name)
        {
            throw new InvalidDataException($"the checkpoint has table '{name}' where the model has '{table.Name}'.");
        }

        table.Cursor = (reader.ReadInt32(), reader.ReadInt32());
        Read(table.Rows, reader);
        Read(table.Sightings, reader);
    }

    private static void Write(RowTable rows, BinaryWriter writer)
    {
        writer.Write(rows.Stride);
        writer.Write(rows.Used);
        writer.Write(rows.FreeHead);
        for (var row = 0; row < rows.Used; row++)
        {
            writer.Write(rows.Bytes(row));
        }
    }

    private static void Read(RowTable rows, BinaryReader reader)
    {
        var stride = reader.ReadInt32();
        if (stride != rows.Stride)
        {
            throw new InvalidDataException($"the checkpoint has rows of {stride} bytes where the model has {rows.Stride}.");
        }

        rows.Restore(reader.ReadInt32(), reader.ReadInt32(), reader.BaseStream.ReadExactly);
    }
}
