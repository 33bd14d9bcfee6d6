using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace Ranking.Evaluation;

/// <summary>Microsoft.ML's learners with the settings that the report states. One thread where threads would change the bits.</summary>
internal static class BaselineEstimators
{
    /// <summary>Trees see ids one-hot up to this many distinct values, and beyond by frequency alone.</summary>
    private const int MostOneHot = 64;

    public static string NameOf(BaselineKind kind) => kind switch
    {
        BaselineKind.LogisticRegression => "logistic regression",
        BaselineKind.BoostedTrees => "boosted trees",
        _ => "factorisation machine",
    };

    public static IEstimator<ITransformer> Create(BaselineKind kind, MLContext context, BaselineFeatures features)
    {
        var ids = features.Ids.Select(BaselineFeatures.NameOf).ToArray();
        string[] numbers = features.NumberWidth > 0 ? [BaselineFeatures.Numbers] : [];
        var trainers = context.BinaryClassification.Trainers;
        switch (kind)
        {
            case BaselineKind.LogisticRegression:
                return Joined([.. numbers, .. ids]).Append(trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
                {
                    L1Regularization = 0,
                    L2Regularization = 1,
                    MaximumNumberOfIterations = 100,
                    NumberOfThreads = 1,
                }));
            case BaselineKind.BoostedTrees:
                var small = features.Ids.Where(field => field.Distinct <= MostOneHot).Select(BaselineFeatures.NameOf);
                string[] frequencies = ids.Length > 0 ? [BaselineFeatures.Frequencies] : [];
                return Joined([.. numbers, .. frequencies, .. small]).Append(trainers.FastTree(new FastTreeBinaryTrainer.Options
                {
                    NumberOfTrees = 100,
                    NumberOfLeaves = 32,
                    MinimumExampleCountPerLeaf = 50,
                    LearningRate = 0.1,
                    Seed = 1,
                }));
            default:
                string[] fields = [.. numbers, .. ids];
                return trainers.FieldAwareFactorizationMachine(new FieldAwareFactorizationMachineTrainer.Options
                {
                    FeatureColumnName = fields[0],
                    ExtraFeatureColumns = fields[1..],
                    LabelColumnName = BaselineFeatures.Label,
                    LatentDimension = 8,
                    NumberOfIterations = 5,
                    LearningRate = 0.1f,
                });
        }

        Microsoft.ML.Transforms.ColumnConcatenatingEstimator Joined(string[] columns) => context.Transforms.Concatenate("Features", columns);
    }
}
