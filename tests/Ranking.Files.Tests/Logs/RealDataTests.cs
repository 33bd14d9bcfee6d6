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
        var job = Load("kuairand.yaml");

        await using var log = TableEventLog.Open(job.Sources!, job.Model.Schema);
        var events = log.Partitions.SelectMany(log.Read).Select(entry => entry.Event!).ToList();

        var impressions = events.OfType<ImpressionEvent>().ToList();
        Assert.Equal(0, log.FaultyRows);
        Assert.Equal(149_732, impressions.Count(one => one.Split == "train"));
        Assert.Equal(17_200, impressions.Count(one => one.Split == "val"));
        Assert.Equal(55_512, impressions.Count(one => one.Split == "test"));
        Assert.Equal(0.45, Share(events, "click"), 0.005);
        Assert.Equal(0.32, Share(events, "conversion"), 0.005);
        Assert.Equal(25_156, impressions.Select(one => one.UserId).Distinct().Count());
        Assert.Equal(6_361, impressions.Select(one => one.ItemId).Distinct().Count());
        Assert.Equal(8, events.OfType<EndEvent>().Count());
    }

    [Fact]
    public async Task Open_KuaiRand_GivesFeaturesOfTheRightTypes()
    {
        SharedFolder.Require("data", "kuairand", "log.csv.gz");
        var job = Load("kuairand.yaml");
        await using var log = TableEventLog.Open(job.Sources!, job.Model.Schema);

        var encoder = new FeatureEncoder(job.Model.Schema, [], serving: false);
        var batch = encoder.CreateBatch();
        var missing = new Dictionary<string, int>();
        foreach (var impression in log.Partitions.SelectMany(log.Read).Select(entry => entry.Event).OfType<ImpressionEvent>().Take(20_000))
        {
            encoder.Encode(batch, impression.EventTime, impression.Features!.Value.User, impression.Features.Value.Context, [impression.Features.Value.Item], [impression.Features.Value.Pair]);
            Assert.Equal(0, batch.Mistyped);
            foreach (var column in batch.Scopes.SelectMany(scope => scope.Columns))
            {
                missing[column.Feature.Name] = missing.GetValueOrDefault(column.Feature.Name)
                    + (column.Feature.IsEmbedded ? column.Keys.Contains(KeyHash.Missing(column.Feature.Id)) ? 1 : 0 : (int)column.Missing[0]);
            }
        }

        Assert.All(["user_id", "video_id", "author_id", "tab", "hour", "weekday", "age_days", "follow_user_num", "aspect_ratio"], name => Assert.Equal(0, missing[name]));
        Assert.All(missing, feature => Assert.InRange(feature.Value, 0, 19_999));
    }

    [Fact]
    public async Task Open_Census_GivesEveryRowATimeAndIndependentOutcomes()
    {
        SharedFolder.Require("data", "census", "census.csv.gz");
        var job = Load("census.yaml");

        await using var log = TableEventLog.Open(job.Sources!, job.Model.Schema);
        var events = log.Partitions.SelectMany(log.Read).Select(entry => entry.Event!).ToList();
        var impressions = events.OfType<ImpressionEvent>().ToList();
        Assert.Equal(0, log.FaultyRows);
        Assert.Equal((59_857, 19_952, 19_953), (impressions.Count(one => one.Split == "train"), impressions.Count(one => one.Split == "val"), impressions.Count(one => one.Split == "test")));
        Assert.Equal(99_762, impressions.Select(one => one.EventTime).Distinct().Count());
        Assert.All(["income", "never_married", "college"], outcome => Assert.InRange(Share(events, outcome), 0.01, 0.99));
    }

    [Theory]
    [InlineData("kuairand.yaml", "kuairand")]
    [InlineData("kuairand-like.yaml", "kuairand")]
    [InlineData("census.yaml", "census")]
    public void Validate_SamplesAgainstTheirData_FindsNothing(string sample, string data)
    {
        SharedFolder.Require("data", data);
        Assert.Empty(JobFile.Validate(PathOf(sample), job => SourceCheck.Run(job.Sources!, job.Model.Schema)));
    }

    [Theory]
    [InlineData(EntityKind.User, 27_285)]
    [InlineData(EntityKind.Item, 7_583)]
    public void Load_KuaiRandEntities_AreAllThere(EntityKind entity, int count)
    {
        SharedFolder.Require("data", "kuairand", "users.csv.gz");
        var job = Load("kuairand.yaml");
        var faults = new List<string>();

        Assert.Equal(count, EntityTable.Load(job.Sources!, entity, job.Model.Schema, faults.Add).Count);
        Assert.Empty(faults);
    }

    private static double Share(List<LogEvent> events, string outcome) =>
        (double)events.OfType<OutcomeEvent>().Count(one => one.Name == outcome) / events.OfType<ImpressionEvent>().Count();

    private static JobSpec Load(string sample) => JobFile.Load(PathOf(sample));

    private static string PathOf(string sample) => Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", sample);
}
