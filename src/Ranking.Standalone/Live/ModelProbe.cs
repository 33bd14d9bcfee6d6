using Ranking.Contracts.V1;

namespace Ranking.Standalone;

/// <summary>How well one output of the served model orders the world.</summary>
/// <param name="Name"><c>ctr</c>, <c>cvr</c> (over clicked impressions) or <c>ctcvr</c>.</param>
/// <param name="Auc">What the model reaches, in expectation over the labels.</param>
/// <param name="Best">What the true probabilities reach.</param>
public sealed record ProbedTask(string Name, double Auc, double Best)
{
    /// <summary>How much of what can be known beyond chance the model knows: (AUC − 0.5) / (best − 0.5).</summary>
    public double Share => (Auc - 0.5) / (Best - 0.5);
}

/// <summary>What a probe found.</summary>
/// <param name="Version">The version that gave the last answer.</param>
/// <param name="Tasks">CTR, CVR and CTCVR; empty where nothing answered.</param>
public sealed record ProbeResult(string Version, IReadOnlyList<ProbedTask> Tasks);

/// <summary>
/// Asks the server to score random candidates of random users, unlogged, and compares with the true probabilities at
/// the first position. Random candidates, since those that a model has put on top are alike in its own eyes.
/// </summary>
public sealed class ModelProbe(SimulatedWorld world, IRankingClient client, TimeProvider clock)
{
    private readonly RequestSource requests = new(world, unchecked(world.Options.Seed + 5));

    /// <summary>Asks a number of requests and judges the answers together.</summary>
    public async Task<ProbeResult> MeasureAsync(int count, CancellationToken cancellation)
    {
        var rows = new List<(TrueProbabilities Truth, double[] Scores)>();
        var version = "";
        for (var i = 0; i < count; i++)
        {
            var request = requests.Next(clock.GetUtcNow().ToUnixTimeMilliseconds(), world.Options.Candidates);
            if (await client.ScoreAsync(ToScore(request), cancellation) is { } response)
            {
                version = response.Version;
                rows.AddRange(Rows(request, response));
            }
        }

        return new ProbeResult(version, rows.Count == 0 ? [] : Judge(rows));
    }

    /// <summary>Asks one request to be ranked, unlogged; null when the server did not answer.</summary>
    public Task<RankResponse?> RankOnceAsync(CancellationToken cancellation)
    {
        var request = LiveSimulation.ToRank(world, requests.Next(clock.GetUtcNow().ToUnixTimeMilliseconds(), world.Options.Candidates));
        request.Options = new RequestOptions { Log = false };
        return client.RankAsync(request, cancellation);
    }

    private static ProbedTask[] Judge(List<(TrueProbabilities Truth, double[] Scores)> rows) =>
    [
        Task("ctr", 0, truth => truth.Click, truth => truth.Click, truth => 1 - truth.Click, rows),
        Task("cvr", 1, truth => truth.Conversion, truth => truth.Both, truth => truth.Click - truth.Both, rows),
        Task("ctcvr", 2, truth => truth.Both, truth => truth.Both, truth => 1 - truth.Both, rows),
    ];

    private static ProbedTask Task(
        string name, int column, Func<TrueProbabilities, double> best, Func<TrueProbabilities, double> positive,
        Func<TrueProbabilities, double> negative, List<(TrueProbabilities Truth, double[] Scores)> rows)
    {
        double[] positives = [.. rows.Select(row => positive(row.Truth))];
        double[] negatives = [.. rows.Select(row => negative(row.Truth))];
        return new ProbedTask(
            name,
            ExpectedAuc.Of([.. rows.Select(row => row.Scores[column])], positives, negatives),
            ExpectedAuc.Of([.. rows.Select(row => best(row.Truth))], positives, negatives));
    }

    private IEnumerable<(TrueProbabilities Truth, double[] Scores)> Rows(SimulatedRequest request, ScoreResponse response)
    {
        TaskScores[] columns = [.. new[] { "ctr", "cvr", "ctcvr" }.Select(name => response.Tasks.First(task => task.Task == name))];
        return request.Candidates.Select((item, i) => (
            world.ProbabilitiesOf(request.User, item, 0, request.Tab, request.Time),
            columns.Select(column => (double)column.Values[i]).ToArray()));
    }

    private ScoreRequest ToScore(SimulatedRequest request) => new()
    {
        UserId = world.Users[request.User].Id,
        ItemIds = { request.Candidates.Select(item => world.Items[item].Id) },
        Features = { LiveSimulation.TabColumn(request.Tab) },
        Options = new RequestOptions { Log = false },
    };
}
