using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Ranking.Learning;

/// <summary>
/// Loads libtorch, half a gigabyte that is unpacked once in the NuGet package folder and not copied into every output
/// folder. It is looked for in the folder that <c>RANKING_LIBTORCH</c> names, then beside the application (an image, a
/// CUDA build), then where the package was restored.
/// </summary>
internal static partial class LibTorch
{
    private static readonly Lazy<string> loaded = new(LoadOnce);

    /// <summary>Loads the libraries once; must come before the first use of TorchSharp.</summary>
    /// <exception cref="DllNotFoundException">Not found, or this system's libstdc++ is too old for it.</exception>
    internal static void Load() => _ = loaded.Value;

    private static string LoadOnce()
    {
        var folder = Folder();
        Tune();
        try
        {
            // The CUDA part is linked to by nothing and registers itself when loaded.
            if (File.Exists(Path.Combine(folder, "libtorch_cuda.so")))
                NativeLibrary.Load(Path.Combine(folder, "libtorch_cuda.so"));
            NativeLibrary.Load(Path.Combine(folder, "libtorch.so"));
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);
        }
        catch (DllNotFoundException e) when (e.Message.Contains("GLIBCXX", StringComparison.Ordinal))
        {
            throw new DllNotFoundException(
                "libtorch needs GLIBCXX_3.4.32, which this system's libstdc++.so.6 has not (it is older than GCC 13). "
                + "Install a newer libstdc++6: './build.sh restore' does so on Debian 12 as root.", e);
        }
        return folder;
    }

    // Here and not in a start script, so that every host has it; what the environment already says stands.
    private static void Tune()
    {
        // MKL takes one code path for the life of the process: the same sums give the same bits.
        _ = SetEnvironment("MKL_CBWR", "AUTO", overwrite: 0);
        // OpenMP's threads sleep between two operations. By default they spin for milliseconds, on the cores that the
        // gather and the update of the rows want: on a busy machine a step then takes ten times as long.
        _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
        // Tensors of a step are allocated again and again: by default glibc maps and unmaps each large one (page
        // faults that cost a step more than its sums). 32 MiB is the most that glibc accepts as the threshold.
        if (Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is null)
            _ = MallocOption(-3, 32 << 20);
        if (Environment.GetEnvironmentVariable("MALLOC_TRIM_THRESHOLD_") is null)
            _ = MallocOption(-1, 1 << 30);
    }

    // .NET's own environment is a copy that native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);

    private static string Folder()
    {
        string[] candidates =
        [
            Environment.GetEnvironmentVariable("RANKING_LIBTORCH") ?? "",
            AppContext.BaseDirectory,
            RestoredTo(),
        ];
        return candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "libtorch.so")))
            ?? throw new DllNotFoundException(
                $"libtorch.so is neither beside the application ({AppContext.BaseDirectory}) nor in the package folder "
                + $"({RestoredTo()}); set RANKING_LIBTORCH to the folder that holds it, or run './build.sh restore'.");
    }

    private static string RestoredTo() => typeof(LibTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "LibTorch").Value!;
}
