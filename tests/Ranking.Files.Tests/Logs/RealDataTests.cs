using Ranking.Configuration;
using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Files.Tests;

public sealed class RealDataTests
{
    [Fact]
    public async Task Open_KuaiRand_GivesTheCountsAndRatesOfItsDescription()
    {
        SharedFolder.Require("data", "kuairand", "log.csv.gz");
        var job = JobFile.Load(Sample("kuairand.yaml"));

        await using var log = TableEventLog.Open(job.Sources!, job.Model.Schema);
        var events = log.Partitions.SelectMany(log.Read).Select(entry => entry.Event!).ToList();

        var impressions = events.OfType<ImpressionEvent>().ToList();
        Assert.Equal(0, log.FaultyRows);
        Assert.Equal(149_732, impressions.Count(one => one.Split == "train"));
        Assert.Equal(17_200, impressions.Count(one => one.Split == "val"));
        Assert.Equal(55_512, impressions.Count(one => one.Split == "test"));
        Assert.Equal(0.45, Share("click"), 0.005);
        Assert.Equal(0.32, Share("conversion"), 0.005);
        Assert.Equal(25_156, impressions.Select(one => one.UserId).Distinct().Count());
        Assert.Equal(6_361, impressions.Select(one => one.ItemId).Distinct().Count());
        Assert.Equal(8, events.OfType<EndEvent>().Count());

        double Share(string outcome) => (double)events.OfType<OutcomeEvent>().Count(one => one.Name == outcome) / impressions.Count;
    }

    private static string Sample(string name) => Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", name);
}
