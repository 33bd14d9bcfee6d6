using System.Runtime.InteropServices;
using Google.Protobuf;
using Ranking.Models;

namespace Ranking.Onnx;

/// <summary>
/// A version's scoring graph as an ONNX file (operator set 17, trees of ai.onnx.ml 3), with its embedding tables in a file
/// beside it. It reads what the encoder gives: rows of tables, transformed numbers, weights (<see cref="OnnxFeed"/>); every
/// scope has one row a candidate, as the plain graph of a training library would have it.
/// </summary>
public static class OnnxModel
{
    /// <summary>What the name of the tables' file adds to the model's.</summary>
    public const string TablesEnding = ".tables";

    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const int TreesOperatorSet = 3;

    /// <summary>The inputs of an artifact's file.</summary>
    /// <param name="artifact">The version.</param>
    /// <param name="isSplit">Whether it is written split.</param>
    public static IReadOnlyCollection<OnnxInput> InputsOf(ModelArtifact artifact, bool isSplit = false) => Build(artifact, isSplit).Inputs;

    /// <summary>Writes both files.</summary>
    /// <param name="artifact">The version.</param>
    /// <param name="path">The model's file; one that is there is replaced.</param>
    /// <param name="isSplit">
    /// Whether the user's and the request's inputs have one row, and dense layers take their part of it once, which is then
    /// added to every candidate's. Sequences stay a candidate's.
    /// </param>
    /// <exception cref="ArtifactException">The graph has a node that cannot be written.</exception>
    public static void Write(ModelArtifact artifact, string path, bool isSplit = false)
    {
        var graph = Build(artifact, isSplit);
        using (var tables = File.Create(path + TablesEnding))
        {
            foreach (var name in artifact.Graph.Nodes.OfType<TableNode>().Select(node => node.Table).Distinct())
            {
                var (table, from) = (artifact.Table(name), tables.Position);
                var numbers = new float[table.Dimension];
                for (var row = 0; row < table.Count; row++)
                {
                    table.Read(row, numbers);
                    tables.Write(MemoryMarshal.AsBytes(numbers.AsSpan()));
                }

                graph.Table(InputWriter.TableOf(name), Path.GetFileName(path) + TablesEnding, from, tables.Position - from, table.Count, table.Dimension);
            }
        }

        using var file = File.Create(path);
        new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "ranking",
            DocString = $"{artifact.Spec.Name} {artifact.Version}",
            Graph = graph.Format,
            OpsetImport =
            {
                new OperatorSetIdProto { Version = OperatorSet },
                new OperatorSetIdProto { Domain = TreesWriter.Domain, Version = TreesOperatorSet },
            },
        }.WriteTo(file);
    }

    private static OnnxGraph Build(ModelArtifact artifact, bool isSplit)
    {
        var graph = new OnnxGraph();
        new GraphWriter(artifact, graph, isSplit).Write();
        return graph;
    }
}
