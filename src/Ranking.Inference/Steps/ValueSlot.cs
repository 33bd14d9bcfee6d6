using Ranking.Models;

namespace Ranking.Inference;

/// <summary>Where a node's value stands while a request is scored.</summary>
/// <param name="Buffer">The workspace's buffer.</param>
/// <param name="Width">Numbers a row.</param>
/// <param name="Scopes">What it depends on.</param>
/// <param name="Offset">Where a row's value begins in a row of the buffer; several values have rows of the items' buffer.</param>
/// <param name="IsHalf">Whether its numbers have 16 bits.</param>
internal readonly record struct ValueSlot(int Buffer, int Width, ScopeSet Scopes, int Offset = 0, bool IsHalf = false)
{
    /// <summary>Numbers of 32 bits that a row takes.</summary>
    public int Length => IsHalf ? (Width + 1) / 2 : Width;

    /// <summary>Whether it depends on user and context alone: then it is computed once a request.</summary>
    public bool IsPerRequest => (Scopes & ScopeSet.Candidate) == 0;
}
