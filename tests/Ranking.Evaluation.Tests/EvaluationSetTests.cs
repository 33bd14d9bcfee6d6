using Ranking.Core;

namespace Ranking.Evaluation.Tests;

public sealed class EvaluationSetTests
{
    private static readonly Example first = new Funnel(1, 1).Examples[0];

    [Fact]
    public void Add_ExamplesOfOneImpression_BecomeOneRow()
    {
        var set = new EvaluationSet();

        set.Add(Emitted(Funnel.Click, Funnel.Both));
        set.Add(Emitted(Funnel.Conversion, Funnel.Both));

        var row = Assert.Single(set.Rows);
        Assert.Equal(Funnel.Both, row.Observed);
        Assert.Equal(Funnel.Both, row.Labels);
    }

    [Fact]
    public void Add_OutcomeThatIsNotObserved_IsNoLabel()
    {
        var set = new EvaluationSet();

        set.Add(Emitted(Funnel.Click, Funnel.Both));

        Assert.Equal(Funnel.Click, set.Rows[0].Labels);
    }

    private static Example Emitted(uint observed, uint labels) => Funnel.Copy(first, labels, observed);
}
