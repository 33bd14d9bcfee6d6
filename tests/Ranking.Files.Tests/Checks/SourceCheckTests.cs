namespace Ranking.Files.Tests;

public sealed class SourceCheckTests : IDisposable
{
    private const string Head = "user,item,time,split,click,buy,delay,tab\n";
    private readonly TestJob job = new();

    [Fact]
    public void Run_FittingData_FindsNothing() =>
        Assert.Empty(SourceCheck.Run(job.Source(Head + "ann,1,5,train,1,1,0,x\nbob,2,6,test,1,0,0,x\nbob,2,6,test,0,0,0,x\n"), TestJob.Schema));

    [Fact]
    public void Run_MissingFilesAndColumns_TellsAllOfThem()
    {
        var source = job.Source("user,thing,time,split,klick,buy\n");
        File.Delete(source.Users!.Path);

        Assert.Equal(
            ["features.tab", "sources.log.item", "sources.log.outcomes.buy.after", "sources.log.outcomes.buy.when", "sources.log.outcomes.click.when", "sources.users.path"],
            SourceCheck.Run(source, TestJob.Schema).Select(fault => fault.Path).Order());
    }

    [Fact]
    public void Run_LabelsAndSplitsThatDoNotFit_TellsThem()
    {
        var faults = SourceCheck.Run(job.Source(Head + "ann,1,5,train,1,1,0,x\nbob,2,6,val,1,0,0,x\nbob,2,x,val,1,0,0,x\n"), TestJob.Schema);

        Assert.Contains(faults, fault => fault.Path == "sources.log.outcomes.click.when" && fault.Found.Contains("2 of 2 rows", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Found.Contains("the value 'val' in 1 rows", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Found.Contains("'test', which no row has", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Found.Contains("1 faulty rows of 3, among them", StringComparison.Ordinal) && fault.Found.Contains("log.csv:4: 'x' in the time column", StringComparison.Ordinal));
        Assert.Equal(4, faults.Count);
    }

    [Fact]
    public void Run_TableWithoutRows_SaysSo() =>
        Assert.Equal("sources.log.path", Assert.Single(SourceCheck.Run(job.Source(Head), TestJob.Schema)).Path);

    public void Dispose() => job.Dispose();
}
