using System.Collections.Immutable;
using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>What nodes over the fields of one matrix come down to: fields are selected and scaled all at once, by products.</summary>
internal static class Interactions
{
    /// <summary>½ · ((Σ v)² − Σ v²) over the fields.</summary>
    /// <param name="input">[rows, inputs].</param>
    /// <param name="node">Which fields.</param>
    /// <returns>[rows, node width].</returns>
    public static Tensor Factorize(Tensor input, FactorizationNode node)
    {
        long[] columns = [.. node.Fields.SelectMany(first => Enumerable.Range(first, node.Width)).Select(column => (long)column)];
        var fields = input.index_select(1, tensor(columns).to(input.device)).unflatten(1, [node.Fields.Length, node.Width]);
        return (fields.sum([1L]).Square() - fields.Square().sum([1L])).Mul(0.5f);
    }

    /// <summary>[fields, width] 1 where a column belongs to a field, else 0.</summary>
    public static Tensor Members(ImmutableArray<int> fields, int width, Device device)
    {
        var members = new float[fields.Length * width];
        for (var field = 0; field < fields.Length; field++)
        {
            members.AsSpan((field * width)..((field * width) + EndOf(fields, field, width)))[fields[field]..].Fill(1);
        }

        return tensor(members).view(fields.Length, width).to(device);
    }

    /// <summary>[width, fields] by which a row becomes the means of its fields.</summary>
    public static Tensor Means(ImmutableArray<int> fields, int width, Device device)
    {
        var members = Members(fields, width, device);
        return (members / members.sum(1, keepdim: true)).t();
    }

    private static int EndOf(ImmutableArray<int> fields, int field, int width) => field + 1 < fields.Length ? fields[field + 1] : width;
}
