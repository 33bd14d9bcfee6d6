namespace Ranking.Core.Tests;

public sealed class TaskSetTests
{
    private static readonly TaskSet Funnel = new([Make("ctr"), Make("cvr", "ctr"), Make("refund", "cvr"), Make("like")]);

    [Theory]
    [InlineData(0b0000, false, false, false)]
    [InlineData(0b0001, true, false, false)]
    [InlineData(0b0011, true, true, false)]
    [InlineData(0b0111, true, true, true)]
    [InlineData(0b0110, false, false, false)]
    [InlineData(0b0101, true, false, false)]
    public void Funnel_OfThree_FollowsTheChain(uint labels, bool cvrJudged, bool refundJudged, bool refundJoint)
    {
        Assert.Equal(cvrJudged, Funnel.IsConditionMet(1, labels));
        Assert.Equal(refundJudged, Funnel.IsConditionMet(2, labels));
        Assert.Equal(refundJoint, Funnel.IsJointlyPositive(2, labels));
        Assert.True(Funnel.IsConditionMet(3, labels));
    }

    [Fact]
    public void ParentOf_Tasks_IsTheIndexOfTheGivenOne() =>
        Assert.Equal([-1, 0, 1, -1], Enumerable.Range(0, Funnel.Count).Select(Funnel.ParentOf));

    [Fact]
    public void Constructor_WrongTasks_IsRefusedWithTheirNames()
    {
        Assert.Contains("0 tasks", Assert.Throws<ArgumentException>(() => new TaskSet([])).Message, StringComparison.Ordinal);
        Assert.Contains("33 tasks", Assert.Throws<ArgumentException>(() => new TaskSet(Enumerable.Range(0, 33).Select(i => Make($"t{i}")))).Message, StringComparison.Ordinal);
        Assert.Contains("'ctr'", Assert.Throws<ArgumentException>(() => new TaskSet([Make("ctr"), Make("ctr")])).Message, StringComparison.Ordinal);
        Assert.Contains("'later'", Assert.Throws<ArgumentException>(() => new TaskSet([Make("cvr", "later"), Make("later")])).Message, StringComparison.Ordinal);
    }

    private static RankingTask Make(string name, string? given = null) =>
        new() { Name = name, Outcome = name, Given = given, Joint = given is null ? null : $"{name}_joint", Window = TimeSpan.FromMinutes(1) };
}
