using Ranking.Core;

namespace Ranking.Files;

/// <summary>An expression over the columns of a table's current row.</summary>
internal sealed class RowFormula
{
    private readonly TableReader table;
    private readonly Expression expression;
    private readonly int[] columns;
    private readonly Operand[] values;

    /// <exception cref="TableException">The table lacks a column that the expression reads.</exception>
    public RowFormula(TableReader table, string text)
    {
        this.table = table;
        expression = Expression.Parse(text);
        TableColumns.Require(table, expression.Variables);
        columns = [.. expression.Variables.Select(table.IndexOf)];
        values = new Operand[columns.Length];
    }

    /// <summary>The value; NaN where missing.</summary>
    public double Evaluate()
    {
        for (var i = 0; i < columns.Length; i++)
        {
            values[i] = table[columns[i]].ToOperand();
        }

        return expression.Evaluate(values);
    }
}
