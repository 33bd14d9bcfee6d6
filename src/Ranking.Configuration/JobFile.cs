using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Reads and checks job files (<c>ranking.yaml</c>).</summary>
public static class JobFile
{
    /// <summary>The job that the file declares.</summary>
    /// <exception cref="ConfigurationException">The file is wrong; it holds every fault.</exception>
    public static JobSpec Load(string path)
    {
        var faults = new FaultList(path);
        var job = Read(path, faults);
        faults.ThrowIfAny();
        return job!;
    }

    /// <summary>Everything wrong with the file; empty where it can be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="checkData">Looks at the data behind the declarations (see <c>Ranking.Files.SourceCheck</c>); null leaves it out.</param>
    public static IReadOnlyList<ConfigurationFault> Validate(string path, Func<JobSpec, IEnumerable<SourceFault>>? checkData = null)
    {
        var faults = new FaultList(path);
        var job = Read(path, faults);
        if (faults.IsEmpty && checkData is not null)
        {
            foreach (var fault in checkData(job!))
            {
                faults.Add(fault.Path, fault.Found, fault.Fix);
            }
        }

        return faults.Sorted;
    }

    private static JobSpec? Read(string path, FaultList faults)
    {
        var loader = new YamlLoader(faults);
        return loader.Load(path) is { } root && new YamlBinder(loader, faults).Bind(typeof(JobDocument), root, "") is JobDocument document
            ? new JobBuilder(document, Path.GetDirectoryName(Path.GetFullPath(path))!, faults).Build()
            : null;
    }
}
