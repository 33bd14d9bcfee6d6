using System.Collections.Frozen;

namespace Ranking.Models;

/// <summary>
/// What a <see cref="CalibrationNode"/> computes: a strictly rising map from logit to logit for each slice, and one for
/// all others. Both backends call it, so that they agree to the bit. Immutable and safe for any number of threads.
/// </summary>
public sealed class CalibrationMap
{
    private const int KeyParts = 4;
    private readonly FrozenDictionary<ulong, int> rowOf;
    private readonly float[] maps;
    private readonly int width;
    private readonly bool isPlatt;

    /// <param name="node">The node.</param>
    /// <param name="parameters">The graph's parameters.</param>
    public CalibrationMap(CalibrationNode node, IReadOnlyDictionary<string, float[]> parameters)
        : this(node, parameters[node.Maps], node.Slices is null ? [] : parameters[node.Slices])
    {
    }

    /// <param name="node">The node.</param>
    /// <param name="maps">Its parameter of that name.</param>
    /// <param name="keys">The parameter with the keys of its slices; empty where it has none.</param>
    public CalibrationMap(CalibrationNode node, ReadOnlySpan<float> maps, ReadOnlySpan<float> keys)
    {
        (this.maps, isPlatt) = (maps.ToArray(), node.Method == CalibrationMethod.Platt);
        width = maps.Length / (1 + (keys.Length / KeyParts));
        rowOf = SlicesOf(keys).ToFrozenDictionary();
    }

    /// <summary>The map of each key that has one of its own, from 1; 0 is that of all others.</summary>
    /// <param name="keys">[slices, 4] the buffer of the slices' keys.</param>
    public static Dictionary<ulong, int> SlicesOf(ReadOnlySpan<float> keys)
    {
        var rows = new Dictionary<ulong, int>();
        for (var slice = 0; slice < keys.Length / KeyParts; slice++)
        {
            // Slots that no slice took have the key 0 and the map of all others.
            rows.TryAdd(ReadKey(keys.Slice(slice * KeyParts, KeyParts)), slice + 1);
        }

        return rows;
    }

    /// <summary>The parameters of maps that change nothing, by name.</summary>
    public static Dictionary<string, float[]> Identities(ScoringGraph graph)
    {
        var parameters = new Dictionary<string, float[]>();
        foreach (var node in graph.Nodes.OfType<CalibrationNode>())
        {
            var shape = graph.Parameters.First(parameter => parameter.Name == node.Maps);
            var identity = Identity(node.Method, shape.Columns);
            parameters[node.Maps] = [.. Enumerable.Range(0, shape.Rows).SelectMany(_ => identity)];
            if (node.Slices is { } slices)
            {
                parameters[slices] = new float[(shape.Rows - 1) * KeyParts];
            }
        }

        return parameters;
    }

    /// <summary>One map that changes nothing.</summary>
    /// <param name="method">Its form.</param>
    /// <param name="width">2 for a and b; for an isotonic map the logits of its knots, then their values.</param>
    public static float[] Identity(CalibrationMethod method, int width) =>
        method == CalibrationMethod.Platt ? [1, 0] : [.. Enumerable.Range(0, width).Select(at => (float)(at % (width / 2)))];

    /// <summary>Writes a slice's key: 16 bits a number, which floats hold exactly.</summary>
    public static void WriteKey(ulong key, Span<float> parts)
    {
        for (var part = 0; part < KeyParts; part++)
        {
            parts[part] = (ushort)(key >> (16 * part));
        }
    }

    /// <summary>The calibrated logit.</summary>
    /// <param name="slice">The key of the slicing feature's value; any where there is none.</param>
    /// <param name="logit">The logit; a NaN stays one.</param>
    public float Apply(ulong slice, float logit)
    {
        var map = maps.AsSpan(rowOf.GetValueOrDefault(slice) * width, width);
        return isPlatt ? MathF.FusedMultiplyAdd(map[0], logit, map[1]) : Interpolate(map[..(width / 2)], map[(width / 2)..], logit);
    }

    // Beyond the first and the last knot the map goes on at the slope of the identity.
    private static float Interpolate(ReadOnlySpan<float> x, ReadOnlySpan<float> y, float logit)
    {
        if (!(logit > x[0]))
        {
            return y[0] + (logit - x[0]);
        }

        if (logit >= x[^1])
        {
            return y[^1] + (logit - x[^1]);
        }

        var found = x.BinarySearch(logit);
        var after = found < 0 ? ~found : found;
        var slope = (y[after] - y[after - 1]) / (x[after] - x[after - 1]);

        // Rounding must not lift the end of a line above the next one's beginning.
        return MathF.Min(y[after], MathF.FusedMultiplyAdd(slope, logit - x[after - 1], y[after - 1]));
    }

    private static ulong ReadKey(ReadOnlySpan<float> parts)
    {
        var key = 0ul;
        for (var part = 0; part < KeyParts; part++)
        {
            key |= (ulong)parts[part] << (16 * part);
        }

        return key;
    }
}
