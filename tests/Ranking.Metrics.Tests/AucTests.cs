using CsCheck;

namespace Ranking.Metrics.Tests;

public sealed class AucTests
{
    [Fact]
    public void Of_TwentyRows_EqualsTheHandCount() =>
        Assert.Equal(69.5 / 99, Auc.Of(TwentyRows.Scores, TwentyRows.Labels));

    [Fact]
    public void Of_AnyRows_EqualsTheDefinition() =>
        Samples.Tied.Sample(rows =>
        {
            var (scores, labels) = Samples.Split(rows);
            double wins = 0, pairs = 0;
            foreach (var positive in rows.Where(row => row.Label))
            {
                foreach (var negative in rows.Where(row => !row.Label))
                {
                    wins += positive.Score > negative.Score ? 1 : positive.Score == negative.Score ? 0.5 : 0;
                    pairs++;
                }
            }

            Assert.Equal(wins / pairs, Auc.Of(scores, labels));
        });

    [Fact]
    public void Of_MonotonousMapOfScores_IsTheSame() =>
        Samples.Tied.Sample(rows =>
        {
            var (scores, labels) = Samples.Split(rows);
            float[] mapped = [.. scores.Select(score => (3 * score) - 7)];
            Assert.Equal(Auc.Of(scores, labels), Auc.Of(mapped, labels));
        });

    [Fact]
    public void Of_NegatedScores_IsTheComplement() =>
        Samples.Tied.Where(rows => rows.Select(row => row.Label).Distinct().Count() == 2).Sample(rows =>
        {
            var (scores, labels) = Samples.Split(rows);
            Assert.Equal(1, Auc.Of(scores, labels) + Auc.Of([.. scores.Select(score => -score)], labels), 12);
        });

    [Fact]
    public void Of_OneClass_IsNaN()
    {
        Assert.True(double.IsNaN(Auc.Of([0.1f, 0.2f], [true, true])));
        Assert.True(double.IsNaN(Auc.Of([], [])));
    }

    [Fact]
    public void Of_NaN_NamesTheRow() =>
        Assert.Contains("scores[1]", Assert.Throws<ArgumentException>(() => Auc.Of([0.1f, float.NaN], [true, false])).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_LengthsThatDiffer_Throws() =>
        Assert.Throws<ArgumentException>(() => Auc.Of([0.1f], [true, false]));

    [Fact]
    public void Expected_AnyProbabilities_EqualsTheDefinition() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 10]).Array[2, 30].Sample(rows =>
        {
            float[] scores = [.. rows.Select(row => (float)row.Item1)];
            float[] truth = [.. rows.Select(row => row.Item2 / 10f)];
            double wins = 0, pairs = 0;
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = 0; j < rows.Length; j++)
                {
                    var weight = i == j ? 0 : (double)truth[i] * (1 - (double)truth[j]);
                    wins += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0);
                    pairs += weight;
                }
            }

            Assert.True(pairs == 0 || Math.Abs((wins / pairs) - Auc.Expected(scores, truth)) < 1e-9);
        });

    [Fact]
    public void Expected_CertainLabels_EqualsTheAuc() =>
        Assert.Equal(Auc.Of(TwentyRows.Scores, TwentyRows.Labels), Auc.Expected(TwentyRows.Scores, [.. TwentyRows.Labels.Select(label => label ? 1f : 0f)]), 12);
}
