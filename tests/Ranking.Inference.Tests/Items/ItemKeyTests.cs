using Ranking.Core;
using Ranking.Models;
using Ranking.Models.Tests;

namespace Ranking.Inference.Tests;

public sealed class ItemKeyTests
{
    [Fact]
    public void Of_Items_IsEqualForEqualFeaturesAlone()
    {
        var schema = SmallModel.Spec(ArchitectureKind.Mmoe).Schema;
        var encoder = new FeatureEncoder(schema, SmallModel.Transforms, serving: true);
        var batch = encoder.CreateBatch();
        ReadOnlyMemory<byte>[] items =
        [
            Item(1, [2, 3], 5), Item(1, [2, 3], 5), Item(2, [2, 3], 5), Item(1, [3, 2], 5), Item(1, [2], 5), Item(1, [], 5), Item(1, [2, 3], 6), Item(1, [2, 3], null), default,
        ];
        encoder.Encode(batch, 0, default, default, items, new ReadOnlyMemory<byte>[items.Length]);

        var keys = items.Select((_, row) => ItemKey.Of(batch[FeatureScope.Item], row)).ToArray();

        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(items.Length - 1, keys.Distinct().Count());

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
