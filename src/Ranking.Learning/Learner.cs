using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Ranking.Core;
using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>
/// Trains a model: the graph by libtorch, the embedding tables beside it. Its state is a function of specification,
/// transforms and the examples in their order. Not thread-safe.
/// </summary>
public sealed unsafe class Learner : IDisposable
{
    private readonly LearnerOptions options;
    private readonly ScoringGraph graph;
    private readonly InputLayout layout;
    private readonly DenseParameters dense;
    private readonly MatrixProduct? product;
    private readonly Network pass;
    private readonly ThreadTeam threads;
    private readonly InputGather gather;
    private readonly BatchRows rows;
    private readonly RowUpdate update;
    private readonly TaskLoss loss;
    private readonly int[] learned;
    private readonly BatchEncoder training;
    private readonly BatchEncoder serving;
    private readonly Device device;
    private Tensor inputs = null!;
    private readonly List<Example> kept = [];

    /// <summary>A learner that has learned nothing yet.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="transforms">What was fitted for its numeric features.</param>
    /// <param name="options">How it computes.</param>
    /// <param name="network">One of the model's networks, to learn that alone; null for all, side by side.</param>
    /// <exception cref="ArgumentException">An option is outside its range, or the device is not there.</exception>
    public Learner(ModelSpec spec, ImmutableArray<NumericTransform> transforms, LearnerOptions options, int? network = null)
    {
        options.Validate();
        LibTorch.Load();
        (this.options, Spec, Transforms, Network) = (options, spec, transforms, network);
        set_num_threads(options.Threads);
        device = options.Device == "cpu" ? CPU : cuda.is_available() ? CUDA
            : throw new ArgumentException("device is 'cuda', and no CUDA device is to be had: build with -p:Torch=cuda on a machine with one, or set 'cpu'.");
        threads = new ThreadTeam(options.Threads);
        graph = Models.Architecture.Build(spec, network);
        var read = NetworkInputs.Of(spec, graph);
        layout = new InputLayout(read, graph);
        Tables = layout.CreateTables(spec);
        var plan = new DensePlan(graph);
        product = options.Device == "cpu" && MatrixProduct.IsSupported && options.UseKernels ? new MatrixProduct(threads) : null;
        dense = new DenseParameters(plan, spec.Training, device, product?.Threads);
        Calibrator = new Calibrator(spec, graph);
        Trees = new BoostedTrees(spec, graph);
        pass = new Network(graph, layout, plan, dense, Calibrator, Trees, product);
        gather = new InputGather(layout, Tables, transforms, threads);
        rows = new BatchRows(layout, Tables, threads);
        update = new RowUpdate(layout, Tables, spec.Training, threads);
        var logits = Outputs.Where(output => output.Kind == OutputKind.Logit).Select(graph.LearnedLogits).ToList();
        learned = [.. Enumerable.Range(0, logits[0].Length).SelectMany(number => logits.Select(task => task[number]))];
        loss = new TaskLoss(spec.Tasks, network is { } only ? [spec.Architecture.Networks[only]] : spec.Architecture.Networks, device);
        training = new BatchEncoder(read.Schema, transforms, serving: false, threads);
        serving = new BatchEncoder(read.Schema, transforms, serving: true, threads);
    }

    /// <summary>The model.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Which of the model's networks it learns; null is all.</summary>
    public int? Network { get; }

    /// <summary>What was fitted for its numeric features.</summary>
    public ImmutableArray<NumericTransform> Transforms { get; }

    /// <summary>What <see cref="Predict"/> writes for each row, in order.</summary>
    public ImmutableArray<GraphOutput> Outputs => graph.Outputs;

    /// <summary>The graph.</summary>
    public ScoringGraph Graph => graph;

    /// <summary>Steps taken.</summary>
    public long Steps { get; internal set; }

    /// <summary>The greatest event time seen, Unix milliseconds: the clock of expiry.</summary>
    public long Clock { get; internal set; }

    /// <summary>The dense weights, the trees and the calibration by the graph's parameter names, row-major, copied.</summary>
    public IReadOnlyDictionary<string, float[]> Weights => dense.ReadAll().Concat(Trees.Parameters).Concat(Calibrator.Parameters).ToDictionary();

    /// <summary>The embedding tables as the artifact takes them; valid until the next step.</summary>
    public IReadOnlyList<IEmbeddingSource> Embeddings => [.. Tables.Select(table => new TableSource(table))];

    /// <summary>
    /// The rows of ids that steps have touched since some event time, that second's own among them; the rows for missing and
    /// unknown values are left out. Valid until the next step.
    /// </summary>
    /// <param name="eventTime">Unix milliseconds.</param>
    public IReadOnlyList<IEmbeddingSource> EmbeddingsSince(long eventTime) => [.. Tables.Select(table => new TableSource(table, eventTime / 1000))];

    internal ImmutableArray<EmbeddingTable> Tables { get; }

    internal DenseParameters Dense => dense;

    internal Calibrator Calibrator { get; }

    internal BoostedTrees Trees { get; }

    /// <summary>A learner as <see cref="Save"/> left it: it goes on bit for bit.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is not whole; the message says which file and why.</exception>
    public static Learner Load(string folder, LearnerOptions options) => LearnerCheckpoint.Load(folder, options);

    /// <summary>The model whose networks were learned apart, which goes on with all of them side by side.</summary>
    /// <param name="networks">A learner for each of the model's networks.</param>
    public static Learner Join(IReadOnlyList<Learner> networks)
    {
        var (spec, transforms, options) = (networks[0].Spec, networks[0].Transforms, networks[0].options);
        var learner = new Learner(spec, transforms, options) { Steps = networks.Max(network => network.Steps), Clock = networks.Max(network => network.Clock) };
        foreach (var network in networks)
        {
            learner.dense.TakeOver(network.dense);
            foreach (var table in network.Tables)
            {
                learner.Tables.Single(own => own.Name == table.Name).TakeOver(table);
            }
        }

        return learner;
    }

    /// <summary>Keeps everything that learning goes on from, in a new or empty folder.</summary>
    public void Save(string folder) => LearnerCheckpoint.Save(this, folder);

    /// <summary>One step over the batch, in its order.</summary>
    /// <param name="batch">The examples.</param>
    /// <param name="scale">What the declared step sizes, of weights and embeddings, are multiplied by: a schedule.</param>
    public StepResult Step(ReadOnlySpan<Example> batch, float scale = 1)
    {
        Steps++;
        foreach (var example in batch)
        {
            Clock = Math.Max(Clock, example.EventTime);
        }

        var now = (uint)Math.Clamp(Clock / 1000, 0, uint.MaxValue - 1);
        var examples = Sample(batch);
        var result = examples.IsEmpty
            ? new StepResult(0, 0, [.. Spec.Tasks.Tasks.Select(_ => double.NaN)], 0, 0)
            : Learn(examples, now, scale);
        return result with { Expired = Tables.Sum(table => table.Sweep(now)) };
    }

    /// <summary>
    /// The outputs as a server computes them: train-only features at their serving value, no dropout. Admits nothing
    /// and counts nothing.
    /// </summary>
    /// <param name="batch">The examples; their labels are not read.</param>
    /// <param name="outputs">[rows, outputs], row-major.</param>
    /// <exception cref="ArgumentException"><paramref name="outputs"/> has another length.</exception>
    public void Predict(ReadOnlySpan<Example> batch, Span<float> outputs)
    {
        if (outputs.Length != batch.Length * Outputs.Length)
        {
            throw new ArgumentException($"{outputs.Length} numbers for {batch.Length} examples of {Outputs.Length} outputs.", nameof(outputs));
        }

        if (batch.IsEmpty)
        {
            return;
        }

        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        serving.Encode(batch);
        rows.Find(serving.Batch);
        var values = pass.Run(Inputs(serving.Batch, batch.Length), Entries(serving.Batch, isLearning: false), null, Outputs.Select(output => output.Node), serving.Batch);
        var joined = cat(values, 1).cpu();
        MemoryMarshal.Cast<byte, float>(joined.bytes).CopyTo(outputs);
    }

    /// <summary>Begins the tables anew that are declared so: what an epoch after the first begins with.</summary>
    public void ResetEmbeddings()
    {
        foreach (var table in Tables.Where(table => table.Spec.ResetEachEpoch))
        {
            table.Reset(table.Resets + 1);
        }
    }

    /// <summary>
    /// Grows the declared trees on a training split; they are part of the outputs from here on, and steps leave them as they
    /// are.
    /// </summary>
    /// <param name="examples">The examples, in any order that is always the same.</param>
    public void Grow(IEnumerable<Example> examples) => Trees.Grow(examples.Where(IsKept), Transforms, options.Threads);

    /// <summary>Whether a task's calibration is declared.</summary>
    public bool IsCalibrated => Calibrator.Parameters.Count > 0;

    /// <summary>
    /// Fits the declared calibration of the tasks; from here on <see cref="Predict"/> applies it. Learning goes on as if
    /// there were none.
    /// </summary>
    /// <param name="predicted">Examples with the outputs predicted for them before they were learned from.</param>
    public void Calibrate(IEnumerable<Example> predicted) => Calibrator.Fit(predicted, Transforms);

    /// <inheritdoc/>
    public void Dispose()
    {
        inputs?.Dispose();
        dense.Dispose();
        product?.Dispose();
        threads.Dispose();
        foreach (var table in Tables)
        {
            table.Dispose();
        }
    }

    private StepResult Learn(ReadOnlySpan<Example> examples, uint now, float scale)
    {
        using var scope = NewDisposeScope();
        training.Encode(examples);
        var admitted = rows.FindAndAdmit(training.Batch, now);
        rows.DropIds(training.Batch, Spec.Training.Seed, Steps);
        var input = Inputs(training.Batch, examples.Length).detach().requires_grad_(true);
        var sequences = Entries(training.Batch, isLearning: true);
        using var generator = new Generator(InitialRows.Mix(Spec.Training.Seed ^ ((ulong)Steps << 20)), device);
        var logits = pass.Run(input, sequences, generator, learned, training.Batch);
        var (byTask, total) = loss.Compute(examples, logits);
        var gradients = autograd.grad([total], [input, .. sequences.Select(entries => entries.Values), .. dense.Leaves]).ToList();
        var ofInputs = gradients[..(1 + sequences.Length)].ConvertAll(gradient => gradient.cpu().contiguous());
        var numbers = ofInputs.ConvertAll(gradient => MatrixView.Of(gradient).Numbers);
        update.Apply(training.Batch, rows, (float*)numbers[0], [.. numbers[1..]], now, scale);
        GC.KeepAlive(ofInputs);
        dense.Step(gradients[(1 + sequences.Length)..], Steps, scale);
        var sums = byTask.detach().cpu().data<float>().ToArray();
        return new StepResult(
            examples.Length, total.detach().cpu().item<float>(), [.. sums.Select((sum, task) => loss.Counted[task] == 0 ? double.NaN : sum / loss.Counted[task])], admitted, 0);
    }

    private Tensor Inputs(EncodedBatch batch, int count)
    {
        if (inputs is null || inputs.shape[0] < count)
        {
            inputs?.Dispose();
            inputs = empty([count, layout.Width]).DetachFromDisposeScope();
        }

        fixed (byte* matrix = inputs.bytes)
        {
            gather.Write(batch, rows, (float*)matrix, count);
        }

        return inputs.narrow(0, 0, count).to(device);
    }

    private Entries[] Entries(EncodedBatch batch, bool isLearning) => [.. layout.Sequences.Select((sequence, number) =>
    {
        var offsets = BatchRows.Column(batch, sequence.First).Offsets.ToArray();
        if (offsets[^1] == 0)
        {
            // No matrix may be empty. An entry of zeros counts for nothing.
            Array.Fill(offsets, 1, 1, offsets.Length - 1);
        }

        var values = zeros([offsets[^1], sequence.Width]);
        gather.WriteEntries(batch, rows, number, (float*)MatrixView.Of(values).Numbers);
        return new Entries(values.to(device).requires_grad_(isLearning), offsets, product?.Threads);
    })];

    // Which negatives are kept is the impression's own affair: the same in every run and at every emission.
    private ReadOnlySpan<Example> Sample(ReadOnlySpan<Example> batch)
    {
        if (Spec.Training.KeepNegatives >= 1)
        {
            return batch;
        }

        kept.Clear();
        foreach (var example in batch)
        {
            if (IsKept(example))
            {
                kept.Add(example);
            }
        }

        return CollectionsMarshal.AsSpan(kept);
    }

    private bool IsKept(Example example) =>
        example.Labels != 0 || InitialRows.Mix((ulong)example.Impression ^ Spec.Training.Seed) * (1.0 / ulong.MaxValue) < Spec.Training.KeepNegatives;
}
