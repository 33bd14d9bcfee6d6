using Ranking.Core;
using Ranking.Models;
using Ranking.Models.Tests;

namespace Ranking.Inference.Tests;

public sealed class ItemKeyTests
{
    [Fact]
    public void Of_Items_IsEqualForEqualFeaturesAndVersionsAlone()
    {
        var schema = SmallModel.Spec(ArchitectureKind.Mmoe).Schema;
        var encoder = new FeatureEncoder(schema, SmallModel.Transforms, serving: true);
        var batch = encoder.CreateBatch();
        ReadOnlyMemory<byte>[] items =
        [
            Item(1, [2, 3], 5), Item(1, [2, 3], 5), Item(2, [2, 3], 5), Item(1, [3, 2], 5), Item(1, [2], 5), Item(1, [], 5), Item(1, [2, 3], 6), Item(1, [2, 3], null), default,
        ];
        encoder.Encode(batch, 0, default, default, items, new ReadOnlyMemory<byte>[items.Length]);

        var keys = new UInt128[items.Length];
        ItemKey.Of(7, batch[FeatureScope.Item], 0, keys);
        var (rest, others) = (new UInt128[items.Length - 2], new UInt128[items.Length]);
        ItemKey.Of(7, batch[FeatureScope.Item], 2, rest);
        ItemKey.Of(8, batch[FeatureScope.Item], 0, others);

        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(items.Length - 1, keys.Distinct().Count());
        Assert.Equal(keys[2..], rest);
        Assert.Empty(keys.Intersect(others));

        ReadOnlyMemory<byte> Item(long id, long[] tags, double? price)
        {
            var writer = new FeatureRecordWriter(schema.Fingerprint);
            writer.Write(5, id);
            writer.WriteList(6, tags);
            if (price is { } number)
            {
                writer.Write(7, number);
            }

            return writer.ToArray();
        }
    }
}
