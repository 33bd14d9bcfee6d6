using System.Text.Json;
using Ranking.Testing;

namespace Ranking.Configuration.Tests;

public sealed class JobSchemaTests
{
    private static readonly string File = Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", "ranking.schema.json");

    [Fact]
    public void Published_EqualsWhatTheDeclarationsGive()
    {
        var generated = JobSchema.Generate();
        if (Environment.GetEnvironmentVariable("RANKING_WRITE_SCHEMA") is not null)
        {
            System.IO.File.WriteAllText(File, generated);
        }

        Assert.Equal(generated, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Published_NamesEverySectionWithADescription()
    {
        using var schema = JsonDocument.Parse(JobSchema.Published);

        var sections = schema.RootElement.GetProperty("properties");
        Assert.All(["name", "sources", "features", "tasks", "model", "objectives", "training", "topics", "store"],
            section => Assert.NotEmpty(sections.GetProperty(section).GetProperty("description").GetString()!));
        Assert.Equal(65536, sections.GetProperty("training").GetProperty("properties").GetProperty("batch_size").GetProperty("maximum").GetInt32());
    }
}
