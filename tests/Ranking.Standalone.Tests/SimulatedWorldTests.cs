namespace Ranking.Standalone.Tests;

public class SimulatedWorldTests(ITestOutputHelper output)
{
    [Fact]
    public void ProbabilitiesOf_LogisticRegression_StaysBelowTheBestPossible()
    {
        var world = SimulatedWorld.Create(new SimulationOptions());
        var rows = Impressions(world, 200_000).ToArray();
        var clicks = Train(rows[..180_000], row => true, row => row.Clicked);
        var conversions = Train(rows[..180_000], row => row.Clicked, row => row.Converted);
        var test = rows[180_000..];
        double[] click = [.. test.Select(row => row.Truth.Click)];
        double[] noClick = [.. click.Select(p => 1 - p)];
        double[] conversion = [.. test.Select(row => row.Truth.Conversion)];
        double[] both = [.. test.Select(row => row.Truth.Both)];
        double[] clickOnly = [.. both.Select((p, i) => click[i] - p)];

        var best = ExpectedAuc.Of(click, click, noClick);
        var reached = ExpectedAuc.Of(Scores(clicks, test), click, noClick);
        output.WriteLine($"CTR best {best:F4}, logistic regression {reached:F4}, share {(reached - 0.5) / (best - 0.5):P1}, rate {click.Average():F3}");
        var bestCvr = ExpectedAuc.Of(conversion, both, clickOnly);
        var reachedCvr = ExpectedAuc.Of(Scores(conversions, test), both, clickOnly);
        output.WriteLine($"CVR best {bestCvr:F4}, logistic regression {reachedCvr:F4}, share {(reachedCvr - 0.5) / (bestCvr - 0.5):P1}, rate {both.Sum() / click.Sum():F3}");

        Assert.InRange(best - reached, 0.02, 0.08);
        Assert.InRange(bestCvr, 0.65, 0.9);
        Assert.True(reached > 0.65);
    }

    [Fact]
    public void ProbabilitiesOf_LaterPosition_IsClickedLess()
    {
        var world = SimulatedWorld.Create(new SimulationOptions());
        var first = world.ProbabilitiesOf(3, 5, 0, 1, 1_000_000);
        var fifth = world.ProbabilitiesOf(3, 5, 4, 1, 1_000_000);
        Assert.True(fifth.Click < first.Click);
        Assert.Equal(first.Conversion, fifth.Conversion);
    }

    [Fact]
    public void ProbabilitiesOf_OtherTime_Drifts()
    {
        var world = SimulatedWorld.Create(new SimulationOptions());
        var now = world.ProbabilitiesOf(3, 5, 0, 1, 3_600_000_000);
        var later = world.ProbabilitiesOf(3, 5, 0, 1, 3_600_000_000 + 1_200_000);
        Assert.NotEqual(now.Click, later.Click);
    }

    [Fact]
    public void Create_OptionsOutOfRange_NamesEveryOne()
    {
        var error = Assert.Throws<ArgumentException>(() => SimulatedWorld.Create(new SimulationOptions { Users = 1, DuplicateShare = 2 }));
        Assert.Contains("Users is 1: give 10", error.Message, StringComparison.Ordinal);
        Assert.Contains("DuplicateShare is 2: give 0 to 1", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Row> Impressions(SimulatedWorld world, int count)
    {
        var random = new Random(11);
        for (var i = 0; i < count; i++)
        {
            var (user, item, tab, position) = (random.Next(world.Users.Length), random.Next(world.Items.Length), random.Next(SimulatedWorld.TabCount), random.Next(10));
            var time = (long)(world.Options.HistorySpan.TotalMilliseconds * i / count);
            var truth = world.ProbabilitiesOf(user, item, position, tab, time);
            var clicked = random.NextDouble() < truth.Click;
            yield return new Row(Indicators(world, user, item, tab, position, time), truth, clicked, clicked && random.NextDouble() < truth.Conversion);
        }
    }

    private static string[] Indicators(SimulatedWorld world, int user, int item, int tab, int position, long time)
    {
        var (who, what) = (world.Users[user], world.Items[item]);
        return
        [
            "bias", who.Id, $"seg:{who.Segment}", $"age:{who.AgeBand}", .. who.Interests.Select(interest => $"likes:{interest}"),
            what.Id, $"cat:{what.Category}", $"by:{what.Author}", $"price:{Math.Round(2 * Math.Log(what.Price))}", $"rating:{Math.Round(2 * what.Rating)}",
            $"tab:{tab}", $"at:{position}", $"hour:{time / 3_600_000}",
        ];
    }

    private static LogisticRegression Train(Row[] rows, Func<Row, bool> counts, Func<Row, bool> label)
    {
        var model = new LogisticRegression();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var row in rows.Where(counts))
            {
                model.Learn(model.Encode(row.Indicators), label(row));
            }
        }

        return model;
    }

    private static double[] Scores(LogisticRegression model, Row[] rows) => [.. rows.Select(row => model.Predict(model.Encode(row.Indicators)))];

    private sealed record Row(string[] Indicators, TrueProbabilities Truth, bool Clicked, bool Converted);
}
