using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>What an architecture is written with. Methods add a node and return its index.</summary>
public sealed class GraphBuilder(ModelSpec spec)
{
    private readonly List<GraphNode> nodes = [];
    private readonly List<GraphOutput> outputs = [];
    private readonly List<GraphParameter> parameters = [];
    private readonly List<(ArchitectureSpec Network, string Suffix, ImmutableArray<int> TowerInputs)> networks = [];
    private string member = "";
    private int? trees;

    /// <summary>The model being built.</summary>
    public ModelSpec Spec => spec;

    /// <summary>The network being built.</summary>
    public ArchitectureSpec Network { get; private set; } = spec.Architecture;

    /// <summary>What is added from here on is the network's.</summary>
    /// <param name="network">One of the model's networks.</param>
    /// <param name="suffix">What the names of its tables and buffers end in.</param>
    public void Begin(ArchitectureSpec network, string suffix) => (Network, member) = (network, suffix);

    /// <summary>
    /// Every input feature, by scope and id (in each scope after the others those that pass through a layer of their own), then
    /// what each sequence says of the candidate, side by side, and what the model declares of their interactions. Embeddings
    /// come from tables named with the suffix, as are the buffers. What the network leaves out is read by attention alone.
    /// </summary>
    public int Inputs(string suffix = "")
    {
        suffix += member;
        var sequences = spec.Schema.Features.Where(feature => feature is { IsInput: true, Kind: FeatureKind.Sequence } && !IsLeftOut(feature.Id)).ToList();
        var queried = sequences.SelectMany(sequence => sequence.Columns).Select(column => column.FeatureId).ToHashSet();
        var inputs = spec.Schema.Features
            .Where(feature => feature.IsInput && feature.Kind != FeatureKind.Sequence && (!IsLeftOut(feature.Id) || queried.Contains(feature.Id)))
            .OrderBy(feature => feature.Scope).ThenBy(feature => feature.Embedding is { Dimension: not null } or { Kind: NumericEmbeddingKind.Periodic }).ThenBy(feature => feature.Id)
            .Select(feature => (feature.Id, Node: Input(feature, suffix)))
            .ToList();
        var byFeature = inputs.ToDictionary(input => input.Id, input => input.Node);
        var attentions = sequences
            .OrderBy(feature => feature.Scope).ThenBy(feature => feature.Id)
            .Select(feature => Attend(feature, byFeature, suffix))
            .ToList();
        return Interactions.Of(this, [.. inputs.Where(input => !IsLeftOut(input.Id)).Select(input => input.Node), .. attentions], suffix);
    }

    /// <summary>Values side by side.</summary>
    public int Concat(ImmutableArray<int> parts) =>
        Add(new ConcatNode(parts) { Width = parts.Sum(part => nodes[part].Width), Scopes = ScopesOf(parts) });

    /// <summary>One dense layer; its buffers are <c>NAME.weight</c> and <c>NAME.bias</c>.</summary>
    public int Dense(int input, int width, string name, Activation activation, float? initialDeviation = null)
    {
        AddLayer(name, nodes[input].Width, width, initialDeviation);
        return Add(new DenseNode(input, $"{name}.weight", $"{name}.bias", activation) { Width = width, Scopes = nodes[input].Scopes });
    }

    /// <summary>Hidden layers with ReLU and the model's dropout after each.</summary>
    public int Layers(int input, ImmutableArray<int> widths, string name)
    {
        for (var i = 0; i < widths.Length; i++)
        {
            input = Dropout(Dense(input, widths[i], $"{name}.{i}{member}", Activation.Relu));
        }

        return input;
    }

    /// <summary>A softmax gate over n experts, reading the input.</summary>
    public int Gate(int input, int experts, string name)
    {
        var logits = Dense(input, experts, $"{name}{member}", Activation.None);
        return Add(new SoftmaxNode(logits) { Width = experts, Scopes = nodes[logits].Scopes });
    }

    /// <summary>The experts' sum, weighted by the gate.</summary>
    public int Mix(int gate, ImmutableArray<int> experts) =>
        Add(new MixNode(gate, experts) { Width = nodes[experts[0]].Width, Scopes = ScopesOf([gate, .. experts]) });

    /// <summary>
    /// The input with each field scaled by a gate that reads the means of all (Huang et al., FiBiNET, RecSys 2019, the SENET layer;
    /// the gate is logistic as in Hu et al., Squeeze-and-Excitation, CVPR 2018, and doubled as in Chang et al., PEPNet, KDD
    /// 2023, so that an untrained one passes all).
    /// </summary>
    public int FieldGate(int input, ImmutableArray<int> fields, int reduction, string name, string suffix)
    {
        var means = Add(new FieldMeansNode(input, fields) { Width = fields.Length, Scopes = nodes[input].Scopes });
        var squeezed = Dense(means, Math.Max(1, fields.Length / reduction), $"{name}.0{suffix}", Activation.Relu);
        var logits = Dense(squeezed, fields.Length, $"{name}.1{suffix}", Activation.None);
        return Same(input, new FieldGateNode(input, logits, fields) { Width = 0, Scopes = 0 });
    }

    /// <summary>A cross layer on x, the first of which read x₀; its dense layer is full, or of a rank (eq. 2).</summary>
    public int Cross(int first, int previous, int? rank, string name)
    {
        var reduced = rank is { } width ? Dense(previous, width, $"{name}.down", Activation.None) : previous;
        var layer = Dense(reduced, WidthOf(first), name, Activation.None);
        return Add(new CrossNode(first, layer, previous) { Width = WidthOf(first), Scopes = ScopesOf([first, previous]) });
    }

    /// <summary>The products of all pairs of fields, which begin in the input at these numbers and have one width.</summary>
    public int Factorization(int input, ImmutableArray<int> fields, int width) =>
        Add(new FactorizationNode(input, fields) { Width = width, Scopes = nodes[input].Scopes });

    /// <summary>What the network's towers read.</summary>
    /// <param name="towerInputs">[tasks] the node that each task's tower reads.</param>
    public void End(ImmutableArray<int> towerInputs) => networks.Add((Network, member, towerInputs));

    /// <summary>Puts trees beside the networks, which look at every numeric input.</summary>
    public void AddTrees() => trees = Concat([.. spec.Schema.Features
        .Where(feature => feature is { IsInput: true, Kind: FeatureKind.Numeric })
        .OrderBy(feature => feature.Scope).ThenBy(feature => feature.Id)
        .Select(Number)]);

    /// <summary>
    /// Finishes the graph: each network's tower for each task, the mean of their and the trees' logits, its probability,
    /// calibrated where declared, and the joint probability that follows from the task's declaration. The logit is the one before
    /// calibration: what a calibration is fitted on must not move with it. A calibrated conditional task has a second
    /// map, for its factor in the joint probability: one is at the level of the rows whose condition is met, the other at
    /// that of all rows.
    /// </summary>
    public ScoringGraph Build()
    {
        var joint = new int[spec.Tasks.Count];
        for (var task = 0; task < joint.Length; task++)
        {
            var (name, parent) = (spec.Tasks.Tasks[task].Name, spec.Tasks.ParentOf(task));
            var logit = Logit(task);
            if (parent < 0 && spec.Training.KeepNegatives < 1)
            {
                logit = Same(logit, new ServingShiftNode(logit, MathF.Log(spec.Training.KeepNegatives)) { Width = 0, Scopes = 0 });
            }

            var calibrated = Calibrate(logit, task, $"calibration.{name}");
            var probability = Same(calibrated, new SigmoidNode(calibrated) { Width = 0, Scopes = 0 });
            outputs.Add(new GraphOutput($"{name}_logit", OutputKind.Logit, task, logit));
            outputs.Add(new GraphOutput(name, OutputKind.Probability, task, probability));
            joint[task] = probability;
            if (parent >= 0)
            {
                var within = calibrated == logit ? logit : Calibrate(logit, task, $"calibration.{name}.joint");
                var factor = calibrated == logit ? probability : Same(within, new SigmoidNode(within) { Width = 0, Scopes = 0 });
                joint[task] = Add(new ProductNode([joint[parent], factor]) { Width = 1, Scopes = ScopesOf([joint[parent], factor]) });
                outputs.Add(new GraphOutput(spec.Tasks.Tasks[task].Joint!, OutputKind.Joint, task, joint[task]));
            }
        }

        return new ScoringGraph([.. nodes], [.. outputs], [.. parameters]);
    }

    /// <summary>Numbers a row of a node.</summary>
    internal int WidthOf(int node) => nodes[node].Width;

    /// <summary>Whether a node is a feature's vector, learned for it.</summary>
    internal bool IsEmbedding(int node) => nodes[node] is EmbedNode or DenseNode;

    private int Logit(int task)
    {
        var name = $"tower.{spec.Tasks.Tasks[task].Name}";
        var logits = ImmutableArray.CreateBuilder<int>();
        foreach (var (network, suffix, inputs) in networks)
        {
            Begin(network, suffix);
            logits.Add(Dense(Layers(inputs[task], network.Tower, name), 1, $"{name}.logit{suffix}", Activation.None));
        }

        if (trees is { } numbers)
        {
            logits.Add(Trees(numbers, spec.Trees!, $"trees.{spec.Tasks.Tasks[task].Name}"));
        }

        if (logits.Count == 1)
        {
            return logits[0];
        }

        var shares = spec.SharesOf(task);
        return Add(new MeanNode(logits.ToImmutable())
        {
            Shares = shares.Distinct().Count() == 1 ? null : shares,
            Width = 1,
            Scopes = ScopesOf(logits.ToImmutable()),
        });
    }

    private int Trees(int input, TreesSpec declared, string name)
    {
        parameters.Add(new GraphParameter($"{name}.splits", declared.Count * (declared.Leaves - 1), 4));
        parameters.Add(new GraphParameter($"{name}.leaves", declared.Count, declared.Leaves));
        return Add(new TreesNode(input, declared.Count, $"{name}.splits", $"{name}.leaves") { Width = 1, Scopes = nodes[input].Scopes });
    }

    private int Calibrate(int logit, int task, string name)
    {
        if (spec.Calibration.IsEmpty || spec.Calibration[task] is not { Method: not CalibrationMethod.None } calibration)
        {
            return logit;
        }

        var slices = calibration.By is null ? 0 : calibration.Slices;
        parameters.Add(new GraphParameter(name, 1 + slices, calibration.Method == CalibrationMethod.Platt ? 2 : 2 * calibration.Knots));
        if (calibration.By is not { } id)
        {
            return Same(logit, new CalibrationNode(logit, calibration.Method, name, null, 0) { Width = 0, Scopes = 0 });
        }

        parameters.Add(new GraphParameter($"{name}.slices", slices, 4));
        var scope = (ScopeSet)(1 << (int)spec.Schema.Features[spec.Schema.SlotOf(id)].Scope);
        return Add(new CalibrationNode(logit, calibration.Method, name, $"{name}.slices", id) { Width = 1, Scopes = nodes[logit].Scopes | scope });
    }

    private int Input(Feature feature, string suffix)
    {
        var scopes = (ScopeSet)(1 << (int)feature.Scope);
        if (feature.IsEmbedded)
        {
            var table = spec.Tables.First(table => table.Name == feature.Table);
            return Add(new EmbedNode(feature.Id, table.Name + suffix) { Width = table.Dimension, Scopes = scopes });
        }

        var indicator = feature.Missing == MissingRule.Indicator ? 1 : 0;
        if (feature.Embedding is not { } embedding)
        {
            return Number(feature);
        }

        var vector = embedding.Kind == NumericEmbeddingKind.Piecewise
            ? Add(new PiecewiseNode(feature.Id) { Width = embedding.Bins + indicator, Scopes = scopes })
            : Periodic(Number(feature), embedding, $"periodic.{feature.Name}{suffix}");
        return embedding.Dimension is { } width ? Dense(vector, width, $"embed.{feature.Name}{suffix}", Activation.None) : vector;
    }

    private int Number(Feature feature) => Add(new NumberNode(feature.Id)
    {
        Width = feature.Missing == MissingRule.Indicator ? 2 : 1,
        Scopes = (ScopeSet)(1 << (int)feature.Scope),
    });

    private int Attend(Feature sequence, Dictionary<int, int> inputs, string tableSuffix)
    {
        var columns = sequence.Columns.Index().OrderBy(column => column.Item.Kind != SequenceColumnKind.Feature).ToList();
        ImmutableArray<int> query = [.. columns.Where(column => column.Item.Kind == SequenceColumnKind.Feature).Select(column => inputs[column.Item.FeatureId])];
        ImmutableArray<int> entries = [.. columns.Select(column => Add(
            new SequenceNode(sequence.PartOf(column.Item).Id, column.Item.Table + tableSuffix, sequence.Id, column.Index)
            {
                Width = spec.Tables.First(table => table.Name == column.Item.Table).Dimension,
                Scopes = (ScopeSet)(1 << (int)sequence.Scope),
            }))];
        var (hidden, weigh) = ($"attention.{sequence.Name}{tableSuffix}.hidden", $"attention.{sequence.Name}{tableSuffix}.weigh");
        var width = entries.Sum(entry => nodes[entry].Width);
        AddLayer(hidden, width + (3 * query.Sum(part => nodes[part].Width)), TargetAttentionNode.Units);
        AddLayer(weigh, TargetAttentionNode.Units, 1);
        return Add(new TargetAttentionNode(entries, query, hidden, weigh) { Width = width, Scopes = ScopesOf([.. entries, .. query]) });
    }

    // The frequencies are a layer's weights; its bias gives each a phase, and the missing indicator shifts it.
    private int Periodic(int number, NumericEmbedding embedding, string name)
    {
        var turns = Dense(number, embedding.Frequencies, name, Activation.None, embedding.Deviation);
        return Add(new PeriodicNode(turns) { Width = 2 * embedding.Frequencies, Scopes = nodes[turns].Scopes });
    }

    private int Dropout(int input) =>
        Network.Dropout > 0 ? Same(input, new DropoutNode(input, Network.Dropout) { Width = 0, Scopes = 0 }) : input;

    private void AddLayer(string name, int inputs, int outputs, float? initialDeviation = null)
    {
        parameters.Add(new GraphParameter($"{name}.weight", inputs, outputs) { Init = Network.DenseInit, InitialDeviation = initialDeviation });
        parameters.Add(new GraphParameter($"{name}.bias", 1, outputs));
    }

    private bool IsLeftOut(int feature) => Network.LeaveOut is { } left && left.Contains(feature);

    private int Same(int input, GraphNode node) => Add(node with { Width = nodes[input].Width, Scopes = nodes[input].Scopes });

    private int Add(GraphNode node)
    {
        nodes.Add(node);
        return nodes.Count - 1;
    }

    private ScopeSet ScopesOf(ImmutableArray<int> inputs) => inputs.Aggregate(ScopeSet.None, (scopes, input) => scopes | nodes[input].Scopes);
}
