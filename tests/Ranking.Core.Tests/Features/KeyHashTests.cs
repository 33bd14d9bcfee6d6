using System.Globalization;
using System.Text;
using CsCheck;

namespace Ranking.Core.Tests;

public sealed class KeyHashTests
{
    [Fact]
    public void Of_Integer_IsThatOfItsDecimalText() =>
        Gen.Long.Sample(value => Assert.Equal(
            new KeyHash("items").Of(Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture))),
            new KeyHash("items").Of(value)));

    [Fact]
    public void Of_SameIdInAnotherTable_IsAnotherKey() =>
        Gen.String[1, 20].Sample(id => Assert.NotEqual(new KeyHash("a").Of(Encoding.UTF8.GetBytes(id)), new KeyHash("b").Of(Encoding.UTF8.GetBytes(id))));

    [Fact]
    public void Of_KnownId_NeverChanges() => Assert.Equal(new KeyHash("user_id").Of(712), new KeyHash("user_id").Of("712"u8));

    [Fact]
    public void ReservedKeys_OfManyFeatures_AreDistinct() =>
        Assert.Equal(2_000, Enumerable.Range(1, 1_000).SelectMany(id => new[] { KeyHash.Missing(id), KeyHash.Unknown(id) }).Distinct().Count());
}
