using Ranking.Core;
using Ranking.Events;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>What is trained, on what.</summary>
public sealed record TrainingJob
{
    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>How the log becomes examples.</summary>
    public required JoinSpec Join { get; init; }

    /// <summary>The declared split of a data file; null where all rows are trained on.</summary>
    public SplitSpec? Split { get; init; }

    /// <summary>Where features come from that no served record has.</summary>
    public required IEntityTables Entities { get; init; }

    /// <summary>Whether the job makes several passes over a finite log, judged on a validation split.</summary>
    public bool HasEpochs => Model.Training.Epochs > 1;

    /// <summary>Whether the model goes on along the log after its epochs.</summary>
    public bool GoesOnline => Model.Training.Online is not null;

    /// <summary>Whether rows with this tag are of the history that epochs are trained and judged on.</summary>
    internal bool IsHistory(string split) => Split is null || Split.Train.Contains(split) || Split.Validate.Contains(split);

    /// <summary>Whether rows with this tag are learned from as they come.</summary>
    internal bool LearnsFrom(string split) => GoesOnline || TrainsOn(split);

    /// <summary>Whether rows with this tag are learned from. Live traffic has the empty tag.</summary>
    internal bool TrainsOn(string split) => split.Length == 0 || Split is null || Split.Train.Contains(split);

    /// <summary>Whether rows with this tag are what choices are made on.</summary>
    internal bool ValidatesOn(string split) => Split is not null && Split.Validate.Contains(split);
}
