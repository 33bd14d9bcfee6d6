using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Events;
using Ranking.Learning;

namespace Ranking.Trainer;

/// <summary>Everything that a training run is at one place of the log, and its form in a checkpoint.</summary>
internal sealed class TrainingState : IDisposable
{
    private const string FileName = "state.bin";
    private const int Format = 4;

    private readonly TimeSpan maxAhead;
    private readonly IEntityTables entities;
    private readonly IJoinSpill spill;
    private readonly PredictionLog? predictions;
    private EventMerge? merge;
    private ImmutableArray<LogPosition> seam = [];

    public TrainingState(TrainingJob job, LearnerOptions options, IJoinSpill spill, IDeadLetters deadLetters, int run, EpochPhase? epochs = null, PredictionLog? predictions = null)
    {
        this.spill = spill;
        this.predictions = predictions;
        Run = run;
        maxAhead = job.Join.MaxAhead;
        entities = job.Entities;
        Fold = new LearningFold(job.Model, options, job.LearnsFrom, epochs);
        History = HistoryFold.Of(job.Model.Schema, job.Model.Statistics, job.Model.Sequences);
        Join = new LabelJoin(job.Model.Tasks, job.Join, job.Entities, new JoinSink(Fold, deadLetters), spill, History);
        Fold.Predicted = (impression, outputs) =>
        {
            Join.SetPrediction(impression, outputs);
            predictions?.Add(impression, outputs);
        };
        Schedule = new PublishSchedule(job.Model.Training);
    }

    /// <summary>Which of the logs is being read.</summary>
    public int Stage { get; private set; }

    /// <summary>
    /// Whether records of the log before this one are still to be taken. They were read, and waited for other partitions,
    /// when the checkpoint was written; this log begins after them.
    /// </summary>
    public bool HasUntakenBeforeSeam => merge is not null && seam.Zip(merge.Unread).Any(pair => pair.Second.Offset < pair.First.Offset);

    public LearningFold Fold { get; }

    public LabelJoin Join { get; }

    /// <summary>The declared statistics and sequences; null where there are none.</summary>
    public HistoryFold? History { get; }

    public PublishSchedule Schedule { get; }

    /// <summary>Whether there is anything to keep: a log has been opened, and there is a learner.</summary>
    public bool HasBegun => merge is not null && Fold.Learner is not null;

    /// <summary>The merge; there is one once the first log has been opened.</summary>
    public EventMerge Merge => merge!;

    /// <summary>The number of this training run; a checkpoint's run goes on.</summary>
    public int Run { get; private set; }

    /// <summary>Where in the log training is.</summary>
    public TrainingPoint Point =>
        new(Run, Fold.Learned, Fold.LearnedThrough, [.. Merge.Positions.Select(position => new LogPosition(position.Partition, position.Offset))]);

    /// <summary>Lets others read what has been predicted so far.</summary>
    public void FlushPredictions() => predictions?.Flush();

    /// <summary>Goes on to the log that begins where this one ended.</summary>
    public void NextStage()
    {
        Stage++;
        seam = Merge.Unread;
    }

    /// <summary>Opens a log where this state is.</summary>
    /// <exception cref="LogPositionException">The log has other partitions than the one before it or than the checkpoint.</exception>
    public async ValueTask<IEventLog> OpenAsync(LogStage stage, CancellationToken cancellation)
    {
        var log = await stage.OpenAsync(merge?.Unread ?? [], cancellation).ConfigureAwait(false);
        merge ??= new EventMerge(log.Start.Select(start => MergePosition.Start(start.Partition, start.Offset)), maxAhead);
        var expected = merge.Positions.Select(position => position.Partition).ToArray();
        if (!expected.SequenceEqual(log.Partitions))
        {
            await log.DisposeAsync().ConfigureAwait(false);
            throw new LogPositionException(
                $"{stage.Name} has the partitions {string.Join(", ", log.Partitions)}, and training so far had {string.Join(", ", expected)}: "
                + "the number of partitions is fixed for the life of a log; start a new log and a new checkpoint folder.");
        }

        return log;
    }

    public void Save(string folder)
    {
        Fold.Save(folder);
        using (var join = File.Create(Path.Combine(folder, "join.bin")))
        {
            Join.Save(join);
        }

        using var writer = new BinaryWriter(File.Create(Path.Combine(folder, FileName)));
        writer.Write(Format);
        writer.Write(Run);
        writer.Write(Stage);
        Schedule.Save(writer);
        writer.Write(predictions?.Keep() ?? 0);
        Write(writer, entities.Hash.Span);
        writer.Write(seam.Length);
        foreach (var position in seam)
        {
            Write(writer, position);
        }

        writer.Write(Merge.Positions.Length);
        foreach (var position in Merge.Positions)
        {
            Write(writer, new LogPosition(position.Partition, position.Offset));
            writer.Write(position.MaxTime);
            writer.Write(position.IsEnded);
        }
    }

    /// <exception cref="InvalidDataException">It is of another format, or was made under other declarations or entity tables.</exception>
    public void Load(string folder)
    {
        using var reader = new BinaryReader(File.OpenRead(Path.Combine(folder, FileName)));
        var format = reader.ReadInt32();
        if (format != Format)
        {
            throw new InvalidDataException($"{Path.Combine(folder, FileName)} has format {format}; this version reads {Format}: train anew in another folder.");
        }

        Run = reader.ReadInt32();
        Stage = reader.ReadInt32();
        Schedule.Load(reader);
        var predicted = reader.ReadInt64();
        predictions?.GoOn(predicted);
        if (!entities.Hash.Span.SequenceEqual(reader.ReadBytes(reader.ReadInt32())))
        {
            throw new InvalidDataException($"the tables of users or items are others than when {folder} was written: restore them, or train anew with another folder of checkpoints.");
        }

        seam = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => ReadPosition(reader))];
        var positions = new MergePosition[reader.ReadInt32()];
        for (var i = 0; i < positions.Length; i++)
        {
            var at = ReadPosition(reader);
            positions[i] = new MergePosition(at.Partition, at.Offset, reader.ReadInt64(), reader.ReadBoolean());
        }

        merge = new EventMerge(positions, maxAhead);
        Fold.Load(folder);
        using var join = File.OpenRead(Path.Combine(folder, "join.bin"));
        Join.Load(join);
    }

    public void Dispose()
    {
        Fold.Dispose();
        spill.Dispose();
        predictions?.Dispose();
    }

    private static void Write(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void Write(BinaryWriter writer, LogPosition position)
    {
        writer.Write((byte)position.Partition.Topic);
        writer.Write(position.Partition.Partition);
        writer.Write(position.Offset);
    }

    private static LogPosition ReadPosition(BinaryReader reader) =>
        new(new LogPartition((LogTopic)reader.ReadByte(), reader.ReadInt32()), reader.ReadInt64());
}
