using CsCheck;

namespace Ranking.Learning.Tests;

public sealed class RowTableTests
{
    [Fact]
    public void AddAndRemove_AnySequence_AgreesWithADictionary() =>
        Gen.Select(Gen.Int[0, 400], Gen.Bool).Array[0, 2000].Sample(operations =>
        {
            using var table = new RowTable(3);
            Dictionary<ulong, float> oracle = [];
            foreach (var (id, isAdded) in operations)
            {
                // A few parts of the index only, and the same home for many keys: runs that removal has to mend.
                var key = ((ulong)(id % 3) << 62) | ((ulong)(id % 7) << 29) | ((ulong)id << 33);
                var row = table.Find(key);
                Assert.Equal(oracle.ContainsKey(key), row >= 0);
                if (isAdded && row < 0)
                {
                    row = table.Add(key, 1);
                    table.Values(row)[2] = id;
                    oracle.Add(key, id);
                }
                else if (!isAdded && row >= 0)
                {
                    table.Remove(row);
                    oracle.Remove(key);
                }
            }

            Assert.Equal(oracle.Count, table.Count);
            Assert.All(oracle, pair => Assert.Equal(pair.Value, table.Values(table.Find(pair.Key))[2]));
        });
}
