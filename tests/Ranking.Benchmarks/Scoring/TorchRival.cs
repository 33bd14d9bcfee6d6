using Ranking.Core;
using Ranking.Models;
using Ranking.Onnx;
using static TorchSharp.torch;

namespace Ranking.Benchmarks;

/// <summary>
/// TorchSharp on model R as one would write it: a lookup a feature, every candidate's inputs side by side, each expert two
/// linear layers. Inputs stand ready as row numbers of the tables; no gradients, one thread.
/// </summary>
internal sealed class TorchRival : IDisposable
{
    private readonly Dictionary<string, Tensor> weights;
    private readonly Dictionary<string, Tensor> tables = [];
    private readonly (string Table, Tensor Rows)[][] requests;
    private readonly int experts;
    private readonly string[] tasks;

    /// <param name="artifact">A version of model R.</param>
    /// <param name="encoded">The requests.</param>
    /// <param name="candidates">Candidates of each.</param>
    public TorchRival(ModelArtifact artifact, EncodedBatch[] encoded, int candidates)
    {
        set_num_threads(1);
        var shapes = artifact.Graph.Parameters.ToDictionary(parameter => parameter.Name);
        weights = artifact.Weights.Names.ToDictionary(name => name, name =>
            tensor(artifact.Weights[name].ToArray(), shapes[name].Rows == 1 ? [shapes[name].Columns] : [shapes[name].Rows, shapes[name].Columns]));
        (experts, tasks) = (artifact.Spec.Architecture.Experts, [.. artifact.Spec.Tasks.Tasks.Select(task => task.Name)]);
        var feed = new OnnxFeed(artifact);
        requests = [.. encoded.Select(request => feed.Read(request, candidates).Where(input => input.Integers is not null)
            .Select(input => (input.Name.Split('.')[1], tensor(input.Integers!))).ToArray())];
        foreach (var name in requests[0].Select(input => input.Table).Distinct())
        {
            var table = artifact.Table(name);
            var rows = new float[(long)table.Count * table.Dimension];
            for (var row = 0; row < table.Count; row++)
            {
                table.Read(row, rows.AsSpan(row * table.Dimension, table.Dimension));
            }

            tables[name] = tensor(rows, [table.Count, table.Dimension]);
        }
    }

    /// <summary>Scores a request.</summary>
    public void Run(int request)
    {
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        Forward(request);
    }

    /// <summary>[candidates] the first task's probabilities.</summary>
    public float[] Scores(int request)
    {
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        return Forward(request)[0].view(-1).data<float>().ToArray();
    }

    public void Dispose()
    {
        foreach (var tensor in weights.Values.Concat(tables.Values).Concat(requests.SelectMany(request => request.Select(input => input.Rows))))
        {
            tensor.Dispose();
        }
    }

    private Tensor[] Forward(int request)
    {
        var input = cat([.. requests[request].Select(part => tables[part.Table].index_select(0, part.Rows))], 1);
        var outputs = stack([.. Enumerable.Range(0, experts).Select(expert => Layer(Layer(input, $"expert.{expert}.0"), $"expert.{expert}.1"))], 1);
        Tensor[] probabilities = [.. tasks.Select(task =>
        {
            var mixed = Linear(input, $"gate.{task}").softmax(1).unsqueeze(1).bmm(outputs).squeeze(1);
            return Linear(Layer(mixed, $"tower.{task}.0"), $"tower.{task}.logit").sigmoid();
        })];
        return [probabilities[0], probabilities[1], probabilities[0] * probabilities[1]];
    }

    private Tensor Layer(Tensor input, string name) => Linear(input, name).relu_();

    private Tensor Linear(Tensor input, string name) => addmm(weights[$"{name}.bias"], input, weights[$"{name}.weight"], 1, 1);
}
