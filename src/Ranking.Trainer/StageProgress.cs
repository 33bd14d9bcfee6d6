namespace Ranking.Trainer;

/// <summary>Tells how much of one part of a training run is done, 0 to 1.</summary>
internal sealed class StageProgress(IProgress<TrainingStage>? stages, string name) : IProgress<double>
{
    public void Report(double value) => stages?.Report(new TrainingStage(name, value, 0));
}
