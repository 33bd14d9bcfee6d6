namespace Ranking.Learning.Tests;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void For_ManyLoops_RunsEachNumberOnceAndAllBeforeItReturns(int threads)
    {
        using var team = new ThreadTeam(threads);
        for (var loop = 0; loop < 2000; loop++)
        {
            var runs = new int[loop % 37];
            team.For(runs.Length, i => Interlocked.Increment(ref runs[i]));
            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void For_AfterItsHelpersFellAsleep_WakesThem()
    {
        using var team = new ThreadTeam(2);
        Thread.Sleep(20);
        using var both = new Barrier(2);
        team.For(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30))));
    }

    [Fact]
    public void For_BodyThatThrows_ThrowsItAndGoesOnWorking()
    {
        using var team = new ThreadTeam(2);
        var error = Assert.Throws<AggregateException>(() => team.For(8, i => throw new InvalidOperationException($"body {i}")));
        Assert.IsType<InvalidOperationException>(error.InnerException);
        var sum = 0;
        team.For(8, i => Interlocked.Add(ref sum, i));
        Assert.Equal(28, sum);
    }
}
