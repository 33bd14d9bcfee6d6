using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Reads the formulas of a document.</summary>
internal static class Formulas
{
    /// <summary>The formula, or null with the reason among the faults.</summary>
    public static Expression? Parse(string text, string path, FaultList faults)
    {
        try
        {
            return Expression.Parse(text);
        }
        catch (ExpressionException unreadable)
        {
            faults.Add(path, unreadable.Message, "write names, numbers, 'texts', + - * / ^ & | ! == != < <= > >=, and functions of them");
            return null;
        }
    }
}
