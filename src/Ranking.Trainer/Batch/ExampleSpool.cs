using Microsoft.Win32.SafeHandles;
using Ranking.Core;

namespace Ranking.Trainer;

/// <summary>
/// Examples in a temporary file, read back in any order: several epochs over a log that need not fit in memory. Eight
/// bytes an example are held; the file is deleted with the spool.
/// </summary>
internal sealed class ExampleSpool : IDisposable
{
    private readonly List<long> offsets = [0];
    private readonly FileStream file;
    private readonly BinaryWriter writer;
    private byte[] buffer = new byte[4096];

    public ExampleSpool(string folder)
    {
        Directory.CreateDirectory(folder);
        file = new FileStream(
            Path.Combine(folder, $"examples-{Guid.NewGuid():N}.spool"),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                BufferSize = 1 << 20,
                Options = FileOptions.DeleteOnClose,
            });
        writer = new BinaryWriter(file);
    }

    public int Count => offsets.Count - 1;

    private SafeFileHandle Handle => file.SafeFileHandle;

    public void Add(Example example)
    {
        ExampleCodec.Write(writer, example);
        offsets.Add(file.Position);
    }

    /// <summary>Reads the examples of the given numbers.</summary>
    public void Read(ReadOnlySpan<int> numbers, Span<Example> examples)
    {
        file.Flush();
        for (var i = 0; i < numbers.Length; i++)
        {
            var length = (int)(offsets[numbers[i] + 1] - offsets[numbers[i]]);
            if (buffer.Length < length)
            {
                buffer = new byte[length * 2];
            }

            RandomAccess.Read(Handle, buffer.AsSpan(0, length), offsets[numbers[i]]);
            using var reader = new BinaryReader(new MemoryStream(buffer, 0, length));
            examples[i] = ExampleCodec.Read(reader);
        }
    }

    public void Dispose() => writer.Dispose();
}
