using System.Collections.Immutable;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Standalone;

namespace Ranking.Cli;

/// <summary>The job that <c>init</c> writes, <c>simulate</c> has data for, and <c>standalone</c> plays.</summary>
internal static class SimulationJob
{
    /// <summary>Its file.</summary>
    public static string Text
    {
        get
        {
            using var reader = new StreamReader(typeof(SimulationJob).Assembly.GetManifestResourceStream("simulation.yaml")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Its features.</summary>
    public static FeatureSchema Schema
    {
        get
        {
            var folder = Directory.CreateTempSubdirectory("ranking-");
            try
            {
                return LoadIn(folder.FullName).Model.Schema;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    /// <summary>The partitions of a simulated log.</summary>
    public static ImmutableArray<LogPartition> Partitions { get; } =
    [
        .. Enum.GetValues<LogTopic>().SelectMany(topic => Enumerable.Range(0, EmbeddedBroker.Partitions).Select(number => new LogPartition(topic, number))),
    ];

    /// <summary>Writes the file into a folder and reads it from there.</summary>
    public static JobSpec LoadIn(string folder)
    {
        var path = Path.Combine(folder, "ranking.yaml");
        File.WriteAllText(path, Text);
        return JobFile.Load(path);
    }
}
