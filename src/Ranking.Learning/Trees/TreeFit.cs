using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>Grows one task's trees by ML.NET's FastTree and writes them as a graph's parameters.</summary>
internal static class TreeFit
{
    private const int SplitParts = 4;

    /// <param name="spec">The model.</param>
    /// <param name="task">The task.</param>
    /// <param name="rows">Its examples, positive ones and others among them.</param>
    /// <param name="threads">On how many threads; the trees are the same on any number.</param>
    /// <param name="splits">Where the splits are written: those of trees that say nothing.</param>
    /// <param name="leaves">Where the leaves are written.</param>
    public static void Run(ModelSpec spec, int task, IReadOnlyList<TreeRow> rows, int threads, float[] splits, float[] leaves)
    {
        var declared = spec.Trees!;
        var seed = (int)((spec.Training.Seed + (ulong)task) % int.MaxValue);
        var context = new MLContext(seed);
        var columns = SchemaDefinition.Create(typeof(TreeRow));
        columns[nameof(TreeRow.Numbers)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Numbers.Length);
        var fitted = context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            FeatureColumnName = nameof(TreeRow.Numbers),
            LabelColumnName = nameof(TreeRow.Label),
            ExampleWeightColumnName = nameof(TreeRow.Weight),
            NumberOfTrees = declared.Count,
            NumberOfLeaves = declared.Leaves,
            LearningRate = declared.LearningRate,
            MinimumExampleCountPerLeaf = declared.ExamplesPerLeaf,
            FeatureFraction = declared.FeatureShare,
            Seed = seed,
            FeatureSelectionSeed = seed,
            NumberOfThreads = threads,
        }).Fit(context.Data.LoadFromEnumerable(rows, columns)).Model;

        // Its probability is 1 / (1 + exp(slope · sum + offset)).
        var (slope, ensemble) = (-fitted.Calibrator.Slope, fitted.SubModel.TrainedTreeEnsemble);
        var offset = (slope * ensemble.Bias) - fitted.Calibrator.Offset;
        for (var number = 0; number < ensemble.Trees.Count; number++)
        {
            var (tree, weight) = (ensemble.Trees[number], ensemble.TreeWeights[number] * slope);
            for (var split = 0; split < tree.NumericalSplitThresholds.Count; split++)
            {
                TreeEnsemble.WriteSplit(
                    splits.AsSpan(((number * (declared.Leaves - 1)) + split) * SplitParts, SplitParts),
                    tree.NumericalSplitFeatureIndexes[split], tree.NumericalSplitThresholds[split], tree.LeftChild[split], tree.RightChild[split]);
            }

            for (var leaf = 0; leaf < tree.LeafValues.Count; leaf++)
            {
                leaves[(number * declared.Leaves) + leaf] = (float)((tree.LeafValues[leaf] * weight) + (number == 0 ? offset : 0));
            }
        }
    }
}
