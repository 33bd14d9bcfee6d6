using System.Runtime.InteropServices;

namespace Ranking.Models;

/// <summary>Writes that survive a power cut: data first, then the name (fsync of file and folder).</summary>
internal static partial class Durable
{
    /// <summary>Replaces a file's content; a reader sees the old or the new one, whole.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        Write(temporary, content);
        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes a file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var stream = Create(path);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>A new file, to be flushed to disk by the caller.</summary>
    public static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);

    /// <summary>Makes the folder's names durable; .NET has no call for it.</summary>
    public static void FlushFolder(string folder)
    {
        const int readOnly = 0;
        var descriptor = Open(folder, readOnly);
        if (descriptor < 0 || Fsync(descriptor) != 0)
        {
            throw new IOException($"{folder}: fsync of the folder failed: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
