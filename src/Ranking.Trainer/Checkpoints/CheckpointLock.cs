namespace Ranking.Trainer;

/// <summary>Keeps a folder of checkpoints for one trainer: two would remove each other's files. Ends with the process, however that ends.</summary>
internal static class CheckpointLock
{
    /// <exception cref="IOException">Another trainer has it.</exception>
    public static FileStream Take(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, ".lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (File.Exists(path))
        {
            throw new IOException($"another trainer uses the checkpoints in {folder}: stop it, or give this job a folder of its own (store: checkpoints: in the job file).", failure);
        }
    }
}
