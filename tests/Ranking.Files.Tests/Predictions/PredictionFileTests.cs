using Ranking.Testing;

namespace Ranking.Files.Tests;

public sealed class PredictionFileTests : IDisposable
{
    private static readonly string[] outputs = ["ctr", "cvr"];
    private static readonly UInt128 first = new(1, 2);
    private static readonly UInt128 second = new(ulong.MaxValue, 3);

    private readonly TemporaryFolder folder = new();

    private string Path => folder.Combine("run/model.predictions");

    [Fact]
    public void TryGet_WrittenRows_AreFoundBitForBit()
    {
        using (var writer = PredictionFileWriter.Create(Path, "m", outputs))
        {
            writer.Add(first, [0.1f, float.NaN]);
            writer.Add(second, [0.3f, 0.4f]);
        }

        var read = new PredictionFile(Path);
        var row = new float[2];
        Assert.Equal(("m", 2), (read.Model, read.Count));
        Assert.Equal(outputs, read.Outputs);
        Assert.True(read.TryGet(first, row));
        Assert.Equal([0.1f, float.NaN], row);
        Assert.True(read.TryGet(second, row));
        Assert.Equal([0.3f, 0.4f], row);
        Assert.False(read.TryGet(new UInt128(0, 2), row));
    }

    [Fact]
    public void Constructor_WhileItIsWritten_ReadsTheWholeRowsSoFar()
    {
        using var writer = PredictionFileWriter.Create(Path, "m", outputs);
        writer.Add(first, [0.1f, 0.2f]);
        writer.Flush();

        Assert.Equal(1, new PredictionFile(Path).Count);
        File.WriteAllBytes(folder.Combine("cut"), File.ReadAllBytes(Path)[..^3]);
        Assert.Equal(0, new PredictionFile(folder.Combine("cut")).Count);
    }

    [Fact]
    public void Continue_AtAnEarlierLength_WritesWhatCameAfterAnew()
    {
        long length;
        using (var writer = PredictionFileWriter.Create(Path, "m", outputs))
        {
            writer.Add(first, [0.1f, 0.2f]);
            length = writer.Length;
            writer.Add(second, [9, 9]);
        }

        using (var writer = PredictionFileWriter.Continue(Path, "m", outputs, length))
        {
            writer.Add(second, [0.3f, 0.4f]);
        }

        var row = new float[2];
        Assert.True(new PredictionFile(Path).TryGet(second, row));
        Assert.Equal([0.3f, 0.4f], row);
    }

    [Fact]
    public void Continue_ShorterOrAnotherModels_SaysWhatToDo()
    {
        long length;
        using (var writer = PredictionFileWriter.Create(Path, "m", outputs))
        {
            length = writer.Length;
        }

        Assert.Contains("restore it", Fault(() => PredictionFileWriter.Continue(Path, "m", outputs, length + 1)), StringComparison.Ordinal);
        Assert.Contains("restore it", Fault(() => PredictionFileWriter.Continue(folder.Combine("none"), "m", outputs, length)), StringComparison.Ordinal);
        Assert.Contains("name another file", Fault(() => PredictionFileWriter.Continue(Path, "n", outputs, length)), StringComparison.Ordinal);
        Assert.Contains("name another file", Fault(() => PredictionFileWriter.Continue(Path, "m", ["ctr"], length)), StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_AnotherFile_SaysWhichToGive()
    {
        File.WriteAllText(folder.Combine("report.json"), """{"format_version": 2}""");
        Assert.Contains("ranking train --predictions", Fault(() => new PredictionFile(folder.Combine("report.json"))), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static string Fault(Func<object> open) => Assert.Throws<InvalidDataException>(open).Message;
}
