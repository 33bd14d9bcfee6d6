using Ranking.Core;

namespace Ranking.Files.Tests;

public sealed class EntityTableTests : IDisposable
{
    private readonly TestJob job = new();

    [Fact]
    public void Load_Rows_AreFoundByTheirIds()
    {
        var source = job.Source("user,item,time,split,click,buy,delay,tab\n");
        var faults = new List<string>();
        var users = EntityTable.Load(source, EntityKind.User, TestJob.Schema, faults.Add);

        Assert.Equal(2, users.Count);
        Assert.Empty(faults);
        Assert.True(users.Find("nobody").IsEmpty);
        var reader = new FeatureRecordReader(users.Find("bob").Span);
        Assert.True(reader.Read());
        Assert.Equal((1, FeatureValueType.Text), (reader.FeatureId, reader.Type));
        Assert.False(reader.Read());
    }

    [Fact]
    public void Read_FaultyRows_AreToldWithFileAndLine()
    {
        var source = job.Source("user,item,time,split,click,buy,delay,tab\n");
        job.Write("users.csv", "id,age\nann,old\n,3\nbob,1,2\ncid,44\n");

        var rows = EntityTable.Read(source, EntityKind.User, TestJob.Schema).ToList();
        Assert.Equal(4, rows.Count);
        Assert.Contains("users.csv:2: 'old' in the column 'age' for the numeric feature 'age'; give a number", rows[0].Fault, StringComparison.Ordinal);
        Assert.Contains("users.csv:3: nothing in the id column 'id'", rows[1].Fault, StringComparison.Ordinal);
        Assert.Contains("users.csv:4: 3 values", rows[2].Fault, StringComparison.Ordinal);
        Assert.Equal(("cid", null), (rows[3].Id, rows[3].Fault));
    }

    [Fact]
    public void ComputeHash_RowsInAnotherOrder_IsTheSameAndOfOtherRowsAnother()
    {
        var source = job.Source("user,item,time,split,click,buy,delay,tab\n");
        var first = HashOf("id,age\nann,31\nbob,7\n");

        Assert.Equal(first, HashOf("id,age\nbob,7\nann,31\n"));
        Assert.NotEqual(first, HashOf("id,age\nbob,7\nann,32\n"));

        byte[] HashOf(string users)
        {
            job.Write("users.csv", users);
            return EntityTable.Load(source, EntityKind.User, TestJob.Schema, _ => { }).ComputeHash();
        }
    }

    [Fact]
    public void Read_TableWithoutADeclaredColumn_NamesItAndThoseThatItHas()
    {
        var source = job.Source("user,item,time,split,click,buy,delay,tab\n");
        job.Write("users.csv", "id,years\nann,31\n");

        var fault = Assert.Throws<TableException>(() => EntityTable.Read(source, EntityKind.User, TestJob.Schema).ToList());
        Assert.Contains("has no column 'age'; it has id, years", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => job.Dispose();
}
