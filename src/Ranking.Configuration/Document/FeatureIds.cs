using System.IO.Hashing;
using System.Text;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>
/// Numbers of features that declare none: a hash of name and kind, so that moving, adding or removing entries changes
/// no number, and a changed kind is a new feature. Three bytes in a record, where a small explicit number takes one.
/// </summary>
internal static class FeatureIds
{
    /// <summary>The largest number that can be declared; hashes lie above it.</summary>
    public const int LastExplicit = 65_535;

    private const int End = 1 << 21;

    public static int Of(string name, FeatureKind kind) =>
        LastExplicit + 1 + (int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{name}|{kind}")) % (End - LastExplicit - 1));
}
