using Ranking.Models;

namespace Ranking.Trainer.Tests;

public sealed class PublishScheduleTests
{
    private static readonly TrainingSpec EveryMinute = new() { PublishEvery = TimeSpan.FromMinutes(1), DeltaEvery = TimeSpan.FromSeconds(10) };

    [Fact]
    public void Due_AlongTheGrids_IsAVersionOrElseADeltaWhereSomethingWasLearned()
    {
        var schedule = new PublishSchedule(EveryMinute);
        (long Seconds, long Learned, Publication Due)[] expected =
        [
            (5, 0, Publication.None), (12, 10, Publication.Delta), (19, 20, Publication.None), (20, 20, Publication.Delta), (30, 20, Publication.None),
            (59, 30, Publication.Delta), (60, 40, Publication.Version), (70, 40, Publication.None), (95, 50, Publication.Delta), (130, 50, Publication.Version),
        ];

        Assert.All(expected, step => Assert.Equal(step.Due, schedule.Due(step.Learned, step.Seconds * 1000)));
    }

    [Fact]
    public void Due_OnExamples_IsAVersionAfterSoMany()
    {
        var schedule = new PublishSchedule(new TrainingSpec { PublishEveryExamples = 100 });

        Assert.Equal(
            [Publication.None, Publication.Version, Publication.None, Publication.Version],
            new long[] { 99, 100, 199, 205 }.Select(learned => schedule.Due(learned, learned)));
    }

    [Fact]
    public void Load_OfWhatWasSaved_GoesOn()
    {
        using var saved = new MemoryStream();
        var schedule = new PublishSchedule(EveryMinute);
        schedule.Due(0, 1_000);
        schedule.Due(10, 55_000);
        schedule.Save(new BinaryWriter(saved));

        saved.Position = 0;
        var loaded = new PublishSchedule(EveryMinute);
        loaded.Load(new BinaryReader(saved));

        Assert.Equal(Publication.None, loaded.Due(11, 59_000));
        Assert.Equal(Publication.Version, loaded.Due(11, 60_000));
    }
}
