namespace Ranking.Configuration;

/// <summary>Looks whether a history that stops with the train splits fits the job.</summary>
internal static class FreezeCheck
{
    private const string Path = "training.freeze_history";

    /// <summary>Notes what does not fit.</summary>
    public static void Run(JobDocument document, FaultList faults)
    {
        var training = document.Training;
        if (!training.FreezeHistory)
        {
            return;
        }

        if (training.Epochs < 2 || training.Online is not null)
        {
            faults.Add(Path, "true in a model that learns along its log, as statistics do", "set training.epochs to 2 or more and leave training.online out, or leave it out");
        }

        if (document.Sources?.Log.Split is null or { Validate.Count: 0 })
        {
            faults.Add(Path, "true without a validation split, which alone it changes", "name one (sources.log.split.validate), or leave it out");
        }
    }
}
