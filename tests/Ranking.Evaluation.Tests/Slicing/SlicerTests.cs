namespace Ranking.Evaluation.Tests;

public sealed class SlicerTests
{
    private static readonly Funnel funnel = new(3000, 4);
    private static readonly EvaluationOptions options = new() { Resamples = 100, Train = ["train"], Test = ["test"] };

    [Fact]
    public void Run_NothingNamed_SlicesByWhatIsKnown()
    {
        var report = funnel.Judge(options);

        // Every user has some fifty impressions in training, and the test is within one hour: neither cuts anything.
        Assert.Equal(["item_history", "position"], report.Slices.Select(slice => slice.Feature).Distinct());
        Assert.Equal(["0", "1", "2", "3", "4"], report.Slices.Where(slice => slice.Feature == "position").Select(slice => slice.Value));
        Assert.All(report.Slices.GroupBy(slice => slice.Feature), cut => Assert.Equal(report.Data.Impressions, cut.Sum(slice => slice.Impressions)));
    }

    [Fact]
    public void Run_UserHistory_CountsTrainingImpressions()
    {
        var set = new EvaluationSet();
        foreach (var example in funnel.Examples.Where(example => example.Split == "test" || example.User % 2 == 0))
        {
            set.Add(example);
        }

        var slices = funnel.Judge(options with { SliceBy = ["user_history"] }, set).Slices;

        Assert.Equal(funnel.Examples.Count(example => example.Split == "test" && example.User % 2 == 1), slices.Single(slice => slice.Value == "0").Impressions);
        var seen = funnel.Examples.Where(example => example.Split == "train").CountBy(example => example.User).ToDictionary();
        Assert.Equal(
            funnel.Examples.Count(example => example.Split == "test" && example.User % 2 == 0 && seen[example.User] is >= 20 and < 100),
            slices.Single(slice => slice.Value == "20–99").Impressions);
    }

    [Fact]
    public void Run_ItemHistory_CountsByTheItem()
    {
        var slices = funnel.Judge(options with { SliceBy = ["item_history"] }).Slices;

        var seen = funnel.Examples.Where(example => example.Split == "train").CountBy(ItemOf).ToDictionary();
        var often = funnel.Examples.Count(example => example.Split == "test" && seen[ItemOf(example)] is >= 20 and < 100);
        Assert.InRange(often, 800, 900);
        Assert.Equal(often, slices.Single(slice => slice.Value == "20–99").Impressions);

        static string ItemOf(Core.Example example) => Convert.ToHexString(example.Features.Item.Span);
    }

    [Fact]
    public void Run_Hour_IsOfTheImpression()
    {
        var report = funnel.Judge(new EvaluationOptions { Resamples = 100, SliceBy = ["hour"] });

        // From 0:00 UTC on, an impression a second.
        Assert.Equal(["00"], report.Slices.Select(slice => slice.Value));
        Assert.Equal(3000, report.Slices[0].Impressions);
    }

    [Fact]
    public void Run_DayAndHour_AreInTheirOrderAndAll()
    {
        var set = new EvaluationSet();
        foreach (var example in funnel.Examples)
        {
            set.Add(example with { EventTime = example.EventTime + (example.Sequence / 60 * 3_600_000) });
        }

        var slices = funnel.Judge(new EvaluationOptions { Resamples = 100, SliceBy = ["day", "day_hour"] }, set).Slices;

        Assert.Equal(["2022-05-05", "2022-05-06", "2022-05-07"], slices.Where(slice => slice.Feature == "day").Select(slice => slice.Value));
        var hours = slices.Where(slice => slice.Feature == "day_hour").ToList();
        Assert.Equal(50, hours.Count);
        Assert.Equal("2022-05-05 00:00", hours[0].Value);
        Assert.Equal(hours.Select(slice => slice.Value).Order(StringComparer.Ordinal), hours.Select(slice => slice.Value));
        Assert.All(hours, slice => Assert.Equal(60, slice.Impressions));
    }
}
